"""The verbs of the Connector Program, by what they are about."""
