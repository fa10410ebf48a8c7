"""Logs as files, and sound logs turned into dishonest ones by whoever has their key."""
import dataclasses
import pathlib

from cryptography.hazmat.primitives import serialization

import client
from paperlog import PaperLog
from transparency import leaf_index_extension, read_data_tile, tile_path


def write(folder, path, data):
    path = pathlib.Path(folder) / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def export(log, folder):
    """Writes a PaperLog as static-ct-api files."""
    write(folder, "checkpoint", log.checkpoint())
    for path, data in log.tiles().items():
        write(folder, path, data)
    for fingerprint, data in log.issuers.items():
        write(folder, f"issuer/{fingerprint.hex()}", data)
    return folder


def stolen(server):
    """The server's log with its key, to be changed: what a thief or a dishonest operator can do."""
    log = PaperLog()
    log.key = serialization.load_pem_private_key((server.directory / "log/log.key").read_bytes(), None)
    text = client.get(server.url, "/ct/checkpoint").body.decode().split("\n")
    log.origin, size = text[0], int(text[1])
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        log.entries += read_data_tile(client.get(server.url, "/ct/" + tile_path("data", index, width)).body)
    for entry in log.entries:
        for fingerprint in entry.chain:
            log.issuers[fingerprint] = client.get(server.url, f"/ct/issuer/{fingerprint.hex()}").body
    return log


def moved(entry, index, **changes):
    """The entry as it would be at another place."""
    return dataclasses.replace(entry, extensions=leaf_index_extension(index), **changes)
