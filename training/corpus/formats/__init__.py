"""Data sets out and in again: the shapes that trainers and labelling tools read and write.

Out: `columns` and `shapes` say what a row is, `files` writes JSON lines, CSV and Parquet. In: `child` reads a file's
rows in a bounded process, `detect` tells by their shape whose they are, `peers` lays other tools' rows flat, and
`incoming` makes a brief with its copy, or a preference, of each.
"""
