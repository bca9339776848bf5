"""Logs one trace through pika: children before their parents, the completion last.

AMQP_URL says where the broker is. Argument: a prefix for the ids; else a random one.
"""
import datetime
import json
import os
import sys
import uuid

import pika

prefix = sys.argv[1] if len(sys.argv) > 1 else uuid.uuid4().hex
connection = pika.BlockingConnection(pika.URLParameters(os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672")))
channel = connection.channel()
channel.confirm_delivery()


def publish(kind, **fields):
    channel.basic_publish(
        exchange="logs",
        routing_key=kind,
        body=json.dumps(fields),
        properties=pika.BasicProperties(type=kind, content_type="application/json", delivery_mode=pika.spec.PERSISTENT_DELIVERY_MODE),
        mandatory=True,
    )


now = datetime.datetime.now(datetime.timezone.utc)
publish(
    "tool.logged",
    log_id=prefix + "-tool",
    path="support/look up order",
    tool={"function": {"name": "look_up_order", "description": "Looks up an order", "parameters": {"type": "object"}}},
    inputs={"order": 17, "größe": None},
    output={"state": "shipped"},
    start_time=now.timestamp() - 2,
    end_time=now.isoformat(),
    trace_parent_id=prefix + "-inner",
)
publish("flow.logged", log_id=prefix + "-inner", path="support/plan", output="looked up", trace_parent_id=prefix + "-outer", trace_status="complete")
publish("flow.logged", log_id=prefix + "-outer", path="support/answer", inputs={"question": "Where is my order?"})
publish("flow.log.updated", log_id=prefix + "-outer", output="It is on its way.", trace_status="complete")
connection.close()
print(f"worker trace {prefix}-outer")
