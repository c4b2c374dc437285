"""Devices: what is known of all devices with one PCI id."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema
from marshmallow import fields as ma

from hwdb import queries
from hwdb.analysis.public import public
from hwdb.intake.curated import curated_notes
from web.api.shapes import problems, shape_of
from web.database import reading

blueprint = Blueprint("devices", __name__, url_prefix="/api/v1/devices", description="Devices by their PCI ids")


class DevicesFound(Schema):
    """Devices, those that most machines have first."""

    devices = ma.List(ma.Nested(shape_of(queries.DeviceHit)), required=True)


@blueprint.route("")
class Devices(MethodView):
    """The devices that most machines have."""

    @blueprint.response(200, DevicesFound)
    def get(self) -> dict[str, Any]:
        """Read which devices most machines have: graphics, network, storage, audio and USB controllers.

        At most 12 of a kind; any other is read by its id.
        """
        with reading() as session:
            return {"devices": public(queries.common_devices(session))}


@blueprint.route("/<string:ids>")
class Device(MethodView):
    """All devices with one PCI id."""

    @blueprint.doc(responses=problems(404))
    @blueprint.response(200, shape_of(queries.DeviceView))
    def get(self, ids: str) -> Any:
        """Read where devices with a PCI id, like 10de:1b80, were seen, and how they behave.

        Figures are numbers of machines, however often each reported. Only reports that count say whether a device was
        alone in its group; `machines` counts all.
        """
        vendor, _, device = ids.partition(":")
        with reading() as session:
            return public(queries.device(session, vendor, device, curated_notes()))
