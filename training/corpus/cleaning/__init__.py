"""Cleaning in the open: named rules that say what they changed, and that can each be left out.

`engine.clean` runs them over one passage, `rules.RULES` is their table, `recurring.find` counts the lines that a
voice's documents share. Everything here is text in, text and changes out.
"""
