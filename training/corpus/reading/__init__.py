"""The reading engine: a file of any kind in, its text as plain documents out, or the reason why not.

`child.read_files` reads in a child process with limits on memory, time and output, and is what everybody calls;
`read.read` is the same without the child. One module reads one family of formats.
"""
