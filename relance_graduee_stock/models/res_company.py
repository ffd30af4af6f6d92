from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_stock_hold = fields.Selection(
        [
            ("shipping", "At shipping: they may be prepared"),
            ("reservation", "From reservation: nothing is reserved for them"),
        ],
        string="Deliveries of customers on hold are held",
        default="shipping",
        required=True,
    )
    dunning_reservation_days = fields.Integer(
        string="Days that a reservation is kept",
        default=5,
        help="Calendar days from the day on which the delivery is held; what was reserved before "
        "is then freed for others, and the salesperson is told.",
    )
    _dunning_reservation_days_positive = models.Constraint(
        "CHECK (dunning_reservation_days >= 0)",
        "A reservation is kept for a number of days that is not negative.",
    )

    def _holds_dunning_reservations(self):
        """Whether nothing is reserved for customers on hold; asked of a root company."""
        self.ensure_one()
        company = self.sudo()
        return company.dunning_sale_hold != "warn" and company.dunning_stock_hold == "reservation"

    def _get_dunning_contact(self):
        """Whom the warehouse asks: name and telephone of the credit department."""
        self.ensure_one()
        manager = self.sudo()._get_dunning_manager()
        return ", ".join(filter(None, (manager.name, manager.phone)))
