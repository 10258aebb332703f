"""Production: what base says, and nothing is guessed."""

from takeroot.config.problems import EnvironmentProblem
from takeroot.config.settings.base import *  # noqa: F403
from takeroot.config.settings.base import ENV

if not ENV.secure:
    raise EnvironmentProblem(
        "TAKEROOT_URL must begin with https:// in production (a TLS proxy stands before Takeroot)."
    )
