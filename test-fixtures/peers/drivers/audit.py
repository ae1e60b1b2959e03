"""Opens a MemPalace knowledge graph as any program could and prints what is in it, as JSON.

Usage: audit.py FILE
"""

import json
import sqlite3
import sys

graph = sqlite3.connect(sys.argv[1])
facts = graph.execute(
    "SELECT s.name, count(*) FROM triples t JOIN entities s ON s.id = t.subject GROUP BY s.name"
)
print(
    json.dumps(
        {
            "facts": dict(facts.fetchall()),
            "integrity": [row[0] for row in graph.execute("PRAGMA integrity_check")],
        }
    )
)
