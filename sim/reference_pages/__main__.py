"""Write the generated pages of the documentation: ``python -m sim.reference_pages``."""

from sim.reference_pages import DOCS, write

if __name__ == "__main__":
    written = write()
    for path in written:
        print(path.relative_to(DOCS.parent))
    print(f"{len(written)} written" if written else "nothing to write")
