"""French holidays and working days, against dates looked up in a calendar."""

from datetime import date

from odoo.tests import BaseCase

from ...tools import business_days


class TestBusinessDays(BaseCase):
    def test_easter(self):
        known = {
            1999: (4, 4), 2000: (4, 23), 2008: (3, 23), 2011: (4, 24), 2019: (4, 21),
            2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25),
        }  # fmt: skip
        for year, (month, day) in known.items():
            self.assertEqual(business_days.easter_sunday(year), date(year, month, day))

    def test_eleven_holidays_a_year(self):
        self.assertEqual(len(business_days.public_holidays(2026)), 11)
        # Ascension Day of 2008 fell on 1 May.
        self.assertEqual(len(business_days.public_holidays(2008)), 10)

    def test_moving_holidays(self):
        holidays = business_days.public_holidays(2026)
        self.assertLessEqual({date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)}, holidays)
        self.assertNotIn(date(2026, 4, 3), holidays, "Good Friday is a working day")

    def test_next_working_day(self):
        self.assertEqual(business_days.next_working_day(date(2026, 5, 8)), date(2026, 5, 11))
        self.assertEqual(business_days.next_working_day(date(2026, 5, 7)), date(2026, 5, 7))
        closing = {date(2026, 5, 11)}
        self.assertEqual(
            business_days.next_working_day(date(2026, 5, 8), closing), date(2026, 5, 12)
        )

    def test_add_and_subtract(self):
        self.assertEqual(business_days.add_working_days(date(2026, 5, 7), 1), date(2026, 5, 11))
        self.assertEqual(business_days.add_working_days(date(2026, 5, 9), 0), date(2026, 5, 11))
        self.assertEqual(
            business_days.subtract_working_days(date(2026, 5, 11), 1), date(2026, 5, 7)
        )

    def test_moved_days(self):
        moved = business_days.moved_days(date(2026, 5, 7), date(2026, 5, 11))
        self.assertEqual([day.day for day, _to in moved], [8, 9, 10])
        self.assertEqual({to for _day, to in moved}, {date(2026, 5, 11)})
