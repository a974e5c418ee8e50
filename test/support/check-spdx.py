"""Loads SPDX 3.0.1 documents with the model generated from the specification; prints one line a document, complains on stderr."""
import sys

from spdx_python_model import v3_0_1 as spdx

REQUIRED = ("suppliedBy", "releaseTime", "software_downloadLocation", "software_packageVersion", "software_primaryPurpose")

for path in sys.argv[1:]:
    objects = spdx.SHACLObjectSet()
    with open(path) as file:
        spdx.JSONLDDeserializer().read(file, objects)
    found = list(objects.foreach())
    if objects.missing_ids:
        sys.exit(f"{path}: undefined: {sorted(objects.missing_ids)}")
    models = [o for o in found if type(o).__name__ == "ai_AIPackage" and o._id.endswith("#model")]
    if len(models) != 1:
        sys.exit(f"{path}: {len(models)} models")
    missing = [name for name in REQUIRED if getattr(models[0], name) is None]
    if missing:
        sys.exit(f"{path}: without {missing}")
    print(path, len(found))
