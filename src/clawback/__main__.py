"""`python -m clawback` is `clawback`."""

from clawback.cli import main

if __name__ == "__main__":
    main()
