"""`python -m conformance` is `batch-conformance`."""

from conformance.cli import main

if __name__ == "__main__":
    main()
