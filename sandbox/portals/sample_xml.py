"""A LEDES XML 2.1 file of the sample world: for tests and for trying things out."""

from collections.abc import Sequence
from decimal import Decimal

from sandbox.portals.sample_world import CLIENT_TAX_ID, LAW_FIRM_ID, SampleLine, expense_line

_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<ledesxmlebilling2.1 xmlns="http://www.ledes.org/LEDES21.xsd">
 <firm>
  <lf_id>{firm}</lf_id><lf_name>Hale Whitfield Reyes LLP</lf_name><file_item_nbr>1</file_item_nbr>
  <client>
   <cl_id>NFORK</cl_id><cl_lf_id>NFORK</cl_lf_id><cl_name>Northfork Re</cl_name><cl_tax_id>{client}</cl_tax_id>
   <file_item_nbr>2</file_item_nbr>
   <invoice>
    <inv_id>INV-1001</inv_id><inv_date>2026-10-31</inv_date><inv_currency>USD</inv_currency>
    <inv_start_date>2026-10-01</inv_start_date><inv_end_date>2026-10-31</inv_end_date>
    <inv_desc>Professional services</inv_desc><inv_total_tax>0.00</inv_total_tax>
    <inv_total_net_due>{total}</inv_total_net_due><file_item_nbr>3</file_item_nbr>
    <matter>
     <cl_matter_id>CLM-NFORK-1</cl_matter_id><lf_matter_id>NFORK-1</lf_matter_id><matter_name>Doe v. Roe</matter_name>
     <account_type>O</account_type><matter_total_detail_fees>{fees}</matter_total_detail_fees>
     <matter_total_detail_exp>{expenses}</matter_total_detail_exp><matter_net_fees>{fees}</matter_net_fees>
     <matter_net_exp>{expenses}</matter_net_exp><matter_total_due>{total}</matter_total_due>
     <file_item_nbr>4</file_item_nbr>
     <tk_sum><tk_id>TK012</tk_id><tk_lname>Reyes</tk_lname><tk_fname>Ana</tk_fname><tk_level>PT</tk_level>
      <tk_rate>285.00</tk_rate><file_item_nbr>5</file_item_nbr></tk_sum>
{items}
    </matter>
   </invoice>
  </client>
 </firm>
</ledesxmlebilling2.1>
"""
_FEE = (
    "     <fee><charge_date>{day}</charge_date><tk_id>{who}</tk_id><tk_level>PT</tk_level>"
    "<charge_desc>{text}</charge_desc><task_code>{task}</task_code><task_activity>{activity}</task_activity>"
    "<charge_type>U</charge_type><units>{units}</units><rate>{rate}</rate><base_amount>{total}</base_amount>"
    "<item_disc_cred_amount>0.00</item_disc_cred_amount><total_amount>{total}</total_amount>"
    "<file_item_nbr>{number}</file_item_nbr></fee>"
)
_EXPENSE = (
    "     <expense><charge_date>{day}</charge_date><charge_desc>{text}</charge_desc>"
    "<expense_code>{expense}</expense_code><charge_type>U</charge_type><units>{units}</units><rate>{rate}</rate>"
    "<base_amount>{total}</base_amount><total_amount>{total}</total_amount>"
    "<item_disc_cred_amount>0.00</item_disc_cred_amount><file_item_nbr>{number}</file_item_nbr></expense>"
)
_FIRST_ITEM = 6


def sample_xml(lines: Sequence[SampleLine] = (SampleLine(), expense_line())) -> bytes:
    """Return a file of one invoice for northfork-re."""
    sums = {kind: sum((line.net for line in lines if line.kind == kind), Decimal(0)) for kind in ("F", "E")}
    text = _FILE.format(
        firm=LAW_FIRM_ID,
        client=CLIENT_TAX_ID,
        fees=f"{sums['F']:.2f}",
        expenses=f"{sums['E']:.2f}",
        total=f"{sums['F'] + sums['E']:.2f}",
        items="\n".join(_item(line, number) for number, line in enumerate(lines, _FIRST_ITEM)),
    )
    return text.encode("utf-8")


def _item(line: SampleLine, number: int) -> str:
    day = f"{line.worked_on[:4]}-{line.worked_on[4:6]}-{line.worked_on[6:]}"
    return (_FEE if line.kind == "F" else _EXPENSE).format(
        day=day, who=line.timekeeper, text=line.narrative, task=line.task, activity=line.activity,
        expense=line.expense, units=line.units, rate=line.unit_cost, total=f"{line.net:.2f}", number=number,
    )  # fmt: skip
