from odoo import api, models
from odoo.tools import SQL


class DunningAccount(models.Model):
    """What is delivered by moves may still be invoiced as far as moves may still deliver it.

    Goods that were given up (no backorder, transfer cancelled) are not owed for. What is invoiced
    as ordered may be, whatever becomes of its moves.
    """

    _inherit = "dunning.account"

    @api.model
    def _get_flushed_fields(self):
        # EXTENDS relance_graduee
        return {
            **super()._get_flushed_fields(),
            "stock.move": [
                "sale_line_id", "state", "product_id", "product_uom", "product_uom_qty", "quantity",
                "origin_returned_move_id", "to_refund", "location_id", "location_dest_id",
                "location_final_id", "move_dest_ids",
            ],
            "stock.location": ["usage"],
            "product.template": ["invoice_policy"],
            "uom.uom": ["factor"],
        }  # fmt: skip

    @api.model
    def _get_part_joins(self):
        # EXTENDS relance_graduee_sale
        return SQL(
            """%s
         LEFT JOIN product_product product ON product.id = l.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
 LEFT JOIN LATERAL (%s) AS moved ON template.invoice_policy = 'delivery'
            """,
            super()._get_part_joins(),
            self._get_moved_sql(),
        )

    @api.model
    def _get_moved_sql(self):
        """whole, is_kit, is_open: of the line ``l``, if it has moves.

        ``whole`` is what its moves have delivered, as Odoo counts it, and still may, in the line's
        unit; of a chain of moves the last one counts. The parts of a kit are no units of it: of
        one, only ``is_open`` says something, that some may still leave.
        """
        return SQL(
            """
            SELECT SUM(CASE WHEN %(left)s THEN m.quantity
                            WHEN %(to_leave)s THEN m.product_uom_qty
                            WHEN %(came_back)s THEN -m.quantity
                            ELSE 0 END * %(factor)s)::numeric AS whole,
                   bool_or(m.product_id != l.product_id) AS is_kit,
                   bool_or(%(to_leave)s) AS is_open
              FROM stock_move m
             WHERE m.sale_line_id = l.id
            HAVING bool_or(NOT %(from_customer)s)
            """,
            left=SQL(
                "m.state = 'done' AND %s AND %s",
                self._get_place_sql(SQL("m.location_dest_id")),
                self._get_sold_sql(),
            ),
            to_leave=self._get_to_leave_sql(),
            came_back=SQL(
                "m.state = 'done' AND m.to_refund AND %s",
                self._get_place_sql(SQL("m.location_id")),
            ),
            factor=SQL(
                """CASE WHEN m.product_uom = l.product_uom_id THEN 1
                        ELSE (SELECT factor FROM uom_uom WHERE id = m.product_uom)
                             / (SELECT factor FROM uom_uom WHERE id = l.product_uom_id) END"""
            ),
            from_customer=self._get_place_sql(SQL("m.location_id")),
        )

    @api.model
    def _get_place_sql(self, column):
        """Condition: ``column`` is a place of customers. Asked once, not for each move."""
        return SQL(
            "%s = ANY(ARRAY(SELECT id FROM stock_location WHERE usage = 'customer'))", column
        )

    @api.model
    def _get_sold_sql(self):
        """Condition: the move ``m`` counts as delivered; goods sent again for nothing do not."""
        return SQL(
            "NOT %s AND (m.origin_returned_move_id IS NULL OR m.to_refund)",
            self._get_place_sql(SQL("m.location_id")),
        )

    @api.model
    def _get_to_leave_sql(self):
        """Condition: the open move ``m`` is the last that is there of a way to a customer."""
        return SQL(
            """(m.state NOT IN ('done', 'cancel') AND %(sold)s
                AND (%(dest)s OR %(final)s AND NOT EXISTS (
                        SELECT 1 FROM stock_move_move_rel next
                          JOIN stock_move n ON n.id = next.move_dest_id
                         WHERE next.move_orig_id = m.id AND n.state != 'cancel')))""",
            sold=self._get_sold_sql(),
            dest=self._get_place_sql(SQL("m.location_dest_id")),
            final=self._get_place_sql(SQL("m.location_final_id")),
        )

    @api.model
    def _get_whole_quantity_sql(self):
        # EXTENDS relance_graduee_sale
        return SQL(
            """CASE WHEN moved.whole IS NULL OR l.product_uom_qty < 0
                      OR moved.is_kit AND moved.is_open THEN %s
                    WHEN moved.is_kit THEN COALESCE(l.qty_delivered, 0)
                    ELSE GREATEST(l.qty_delivered, moved.whole) END""",
            super()._get_whole_quantity_sql(),
        )
