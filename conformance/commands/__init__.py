"""One module per command of the command line, each with a function, or a Typer app, of its own name."""
