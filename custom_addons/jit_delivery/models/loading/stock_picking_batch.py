from odoo import models


class StockPickingBatch(models.Model):
    """Loading by scanner: a round goes onto its own vehicle, at its own dock."""

    _inherit = "stock.picking.batch"

    def _scan_docks(self):
        """Dock and vehicle of the round; where it has neither, what the operation type names."""
        docks = {f"location-{self.dock_id.id}": self.dock_id.name} if self.dock_id else {}
        vehicle = self.vehicle_id.sudo()  # pickers do not read the fleet, but see what they load
        if vehicle:
            docks[f"vehicle-{vehicle.id}"] = vehicle.license_plate or vehicle.name
        return docks or super()._scan_docks()

    def _scan_dock_key(self, barcode):
        """A vehicle is known by its license plate, spaces and dashes aside."""
        plate = self._plate(barcode)
        vehicles = self.vehicle_id.sudo()
        if plate and plate != self._plate(vehicles.license_plate):
            vehicles = vehicles.search([("license_plate", "=", barcode)], limit=1)
        return f"vehicle-{vehicles.id}" if plate and vehicles else super()._scan_dock_key(barcode)

    def _scan_codes(self, lines, view):
        codes = super()._scan_codes(lines, view)
        if self.dock_id.barcode:
            codes[self.dock_id.barcode] = {"kind": "place", "id": self.dock_id.id}
        vehicle = self.vehicle_id.sudo()
        if vehicle.license_plate:
            codes[vehicle.license_plate] = {"kind": "dock", "id": f"vehicle-{vehicle.id}"}
        return codes

    @staticmethod
    def _plate(text):
        return "".join(letter for letter in (text or "").upper() if letter.isalnum())
