"""Munshi over HTTP: one file a resource, one for problems, one for streams."""
