"""One file per format, behind one contract, each file read in a process of its own."""
