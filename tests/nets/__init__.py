"""Nets: checks over the registry and the routing map, so that what is new is covered without a new test."""
