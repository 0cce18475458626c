"""The resource graph in a format each: `render` makes a text from drawings."""
