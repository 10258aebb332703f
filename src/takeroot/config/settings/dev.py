"""Development and the demonstration: like production, on this machine, without TLS."""

from takeroot.config.settings.base import *  # noqa: F403
