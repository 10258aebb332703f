"""Settings by use: base (shared), dev, test, check, prod."""
