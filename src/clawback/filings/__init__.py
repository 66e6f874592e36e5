"""Papers ready to hand in, PDF and DOCX, each fact traced to its source or the paper refused."""
