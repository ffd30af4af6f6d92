from typing import NamedTuple

from odoo.tools import SQL


class Fact(NamedTuple):
    """One thing that is known of customers besides their items, from a table of its own.

    A row of ``dunning.decision._get_facts``. Of several values the greatest counts.
    """

    # The column of ``standing`` that it becomes.
    name: str
    # Its SQL type: ``date``.
    type: str
    # company_id (a root), id of the commercial partner, currency_id (NULL: of all currencies).
    keys: SQL
    value: SQL
    # SQL after ``FROM``.
    source: SQL
    # It is known of all currencies of the customer at once.
    of_customer: bool = True

    def _get_column_sql(self):
        greatest = SQL("max(%s)", SQL.identifier(self.name))
        if self.of_customer:
            greatest = SQL("max(%s) OVER customer", greatest)
        return SQL("%s AS %s", greatest, SQL.identifier(self.name))

    def _get_empty_sql(self):
        return SQL("NULL::%s AS %s", SQL(self.type), SQL.identifier(self.name))

    def _get_source_sql(self, names):
        """Its rows, below those of ``heard``: with the columns ``names``, of which one is its own.

        Four columns of ``heard`` lie between the keys and the facts.
        """
        values = (self.value if name == self.name else SQL("NULL") for name in names)
        return SQL(
            "SELECT %s, NULL, NULL, NULL, NULL, %s FROM %s",
            self.keys,
            SQL(", ").join(values),
            self.source,
        )
