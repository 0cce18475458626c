"""The rules: a folder per duty, a file per service, a function per rule."""
