"""Unpacks the members of a wheel whose names begin with one of the prefixes; zipfile checks each one's CRC.

Usage: unpack.py WHEEL FOLDER PREFIX...
"""

import sys
import zipfile

wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if name.startswith(tuple(prefixes)):
            archive.extract(name, folder)
