"""Reports with people as Zoom, Eventbrite, Google Forms and spreadsheet programs write them. All are invented."""

import io

from xlsxwriter import Workbook

# Zoom writes a head of its own above the table, and one comma too many behind each row.
ZOOM = """Registration Report
Report Generated:,"08/30/2027 10:47:09 AM"

Topic,Webinar ID,Scheduled Time,Duration (minutes),# Registered,# Cancelled,# Approved,# Denied
"PxP, the whole of Day 1","912 3456 7890","Sep 12, 2027 07:00 PM","180","7","1","5","1",

Attendee Details
First Name,Last Name,Email,Country/Region Name,Registration Time,Approval Status
"Ada","Lovelace","ada@example.org","United Kingdom","Aug 02, 2027 09:12:11 AM","approved",
"Zoë","O'Brien","zoe@example.org","Ireland","Aug 02, 2027 09:30:00 AM","approved",
"Grace","Hopper","","United States","Aug 03, 2027 01:00:00 PM","approved",
"bob@example.org","","bob@example.org","Kenya","Aug 03, 2027 02:00:00 PM","approved",
"Ines","Duarte","ines@example.org; rui@example.org","Portugal","Aug 04, 2027 08:00:00 AM","approved",
"Dan","Declined","dan@example.org","","Aug 04, 2027 08:01:00 AM","denied",
"Penny","Pending","penny@example.org","","Aug 05, 2027 08:01:00 AM","pending",
"""

EVENTBRITE = """\
Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee Status,Buyer Email,Country
10001,2027-08-01 10:00:00,Ada,Lovelace,ada@example.org,1,All days,Attending,buyer@example.org,GB
10002,2027-08-01 11:00:00,Bob,Okafor,bob@example.org,1,Day 2,Checked In,buyer@example.org,Kenya
10003,2027-08-01 12:00:00,Eve,Gone,eve@example.org,1,Day 1,Refunded,buyer@example.org,FR
"""

GOOGLE_FORM = (
    '"Horodateur","Adresse e-mail","Quel est votre nom ?","À quels jours venez-vous ?","Dans quel pays vivez-vous ?"\n'
    '"2027/08/01 10:02:11 AM UTC+2","chloe@example.org","Chloé Martin","Jour 1, Jour 2","France"\n'
    '"2027/08/01 11:02:11 AM UTC+2","luis@example.org","Luis Peña","Jour 2","Espagne"\n'
)


def workbook_of(*rows, merged="", hidden=()):
    """Return an XLSX file with these rows, those with a number in `hidden` hidden, and cells merged as in "A3:A4"."""
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet("People")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for number in hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
        if merged:
            sheet.merge_range(merged, "Ada Lovelace")
    return file.getvalue()
