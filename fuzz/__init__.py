"""Targets for a fuzzer, to be run for longer than a test may take."""
