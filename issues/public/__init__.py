"""Pages without log-in about meetings, issues and promises: published rows only, nobody's personal data."""
