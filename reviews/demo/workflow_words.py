"""The words of the workflow-automation demo client: processes, names and places.

Lists only; `workflow_grammar` turns them into briefs and copy. Alternatives stand in one string,
parted by a bar, so that a process stays readable at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One kind of work. `steps` and `chores` start with a bare verb, `slow` with a verb in the third person."""

    name: str
    metric: str
    item: str
    people: str
    audiences: str
    heads: str
    slow: str
    chores: str
    steps: str


PROCESSES = (
    Process(
        "purchase-order approval",
        "approval time",
        "order",
        "buyers",
        "procurement managers|purchasing directors",
        "Approval|Spend|Requisition|Buyer",
        "waits in a shared inbox|goes up the wrong chain|comes back for a missing cost center",
        "chase signatures|retype order lines|search old mail for the quote",
        "read the order|check the budget|pick the approver|post the commitment|remind the deputy|record the decision",
    ),
    Process(
        "invoice matching",
        "matching time",
        "invoice",
        "clerks",
        "accounts payable leads|controllers",
        "Invoice|Payables|Match|Voucher",
        "sits beside a receipt nobody linked|stops on a price difference|misses the discount date",
        "compare lines by eye|call the dock about a delivery|key totals from a scan",
        "read each line|find the receipt|compare price and quantity|post what agrees|hold what differs|name the cause",
    ),
    Process(
        "month-end closing",
        "close time",
        "journal entry",
        "accountants",
        "controllers|finance directors",
        "Close|Ledger|Reconcile|Period",
        "arrives after cutoff|waits for a balance from another entity|lives in a private spreadsheet",
        "copy balances between tabs|ask who signed which account|rebuild last month's checklist",
        "collect the balances|reconcile the accounts|post the accruals|flag the open items|"
        "lock the period|file the proof",
    ),
    Process(
        "expense claims",
        "reimbursement time",
        "claim",
        "approvers",
        "finance teams with field staff|travel managers",
        "Expense|Receipt|Travel|Claimant",
        "waits for a paper receipt|carries the wrong project code|bounces over a missing date",
        "decode receipts|explain the policy by e-mail|type card totals",
        "read the receipt|apply the policy|code the cost|pay the claim|question the exception|match the card line",
    ),
    Process(
        "employee onboarding",
        "setup time",
        "new hire",
        "coordinators",
        "HR operations|people directors",
        "Onboarding|Hire|Welcome|Starter",
        "spends the first morning without a login|meets a desk with no laptop|signs the same form again",
        "remind IT about laptops|collect forms by hand|book badge photos",
        "open the accounts|order the laptop|book the training|collect the forms|print the badge|brief the manager",
    ),
    Process(
        "access requests",
        "provisioning time",
        "access request",
        "administrators",
        "IT managers|security teams",
        "Access|Identity|Entry|Login",
        "names a system nobody owns|waits for a manager on leave|outlives the role it was given for",
        "look up system owners|copy rights from a colleague|close old accounts from memory",
        "find the owner|check the role|grant the right|set the end date|close the account|write the log line",
    ),
    Process(
        "support escalation",
        "resolution time",
        "case",
        "agents",
        "support directors|service desk managers",
        "Escalation|Case|Ticket|Response",
        "moves to the wrong team|ages without an owner|is opened again under another number",
        "forward cases by hand|rewrite summaries|watch the clock themselves",
        "sort the case|count down to the limit|assign the owner|attach the history|warn the lead|close the loop",
    ),
    Process(
        "refund handling",
        "refund time",
        "refund",
        "agents",
        "customer support leads|e-commerce operations",
        "Refund|Return|Credit|Payback",
        "waits for a second signature|needs an order number nobody kept|reaches finance a week late",
        "look up old orders|ask finance for status|copy card details between screens",
        "find the order|apply the policy|set the amount|release the payment|tell the customer|book the credit",
    ),
    Process(
        "contract review",
        "review time",
        "contract",
        "attorneys",
        "legal operations|general counsel",
        "Contract|Clause|Counsel|Signature",
        "loops between drafts|hides a renewal date|waits for a clause nobody flagged",
        "compare versions by eye|search for the signed copy|track renewal dates by memory",
        "compare the draft with the standard|mark the changed clause|route the draft to counsel|"
        "collect the signature|"
        "file the signed copy|set the renewal reminder",
    ),
    Process(
        "supplier onboarding",
        "vetting time",
        "supplier",
        "category managers",
        "procurement teams|vendor managers",
        "Vendor|Supplier|Source|Partner",
        "sends the tax form in the wrong format|is entered under a second name|expires without a recheck",
        "ask for certificates again|check bank details by phone|file documents by name",
        "collect the documents|verify the bank account|screen the name|score the risk|"
        "create the record|recheck on expiry",
    ),
    Process(
        "inventory reorders",
        "stockout time",
        "reorder",
        "planners",
        "plant managers|supply chain leads",
        "Stock|Reorder|Shelf|Inventory",
        "starts when the bin is empty|uses last season's quantity|waits for a count",
        "count bins on Friday|guess lead times|call suppliers for dates",
        "count the stock|compare stock with demand|place the order|confirm the date|update the plan|flag the late part",
    ),
    Process(
        "field service dispatch",
        "dispatch time",
        "job",
        "dispatchers",
        "field service managers|regional directors",
        "Dispatch|Route|Field|Crew",
        "goes to a truck without the part|crosses town and back|waits for a call that is never returned",
        "plan routes on a wall map|call each technician|reschedule by text",
        "group the jobs by street|match the skill|check the parts|book the slot|tell the customer|send the next stop",
    ),
    Process(
        "quote approval",
        "quote time",
        "quote",
        "sales managers",
        "sales operations|revenue leaders",
        "Quote|Discount|Deal|Proposal",
        "waits for a discount sign-off|uses an old price list|leaves without the margin check",
        "ask finance for margins|merge price sheets|forward drafts",
        "price the lines|check the margin|apply the discount rule|ask the right manager|"
        "produce the document|log the terms",
    ),
    Process(
        "payroll checks",
        "correction time",
        "timesheet",
        "payroll clerks",
        "payroll managers|HR directors",
        "Payroll|Shiftboard|Timesheet|Wage",
        "carries last week's rate|misses an approved shift|lands after the cutoff",
        "compare hours by hand|phone supervisors|correct payslips after payday",
        "read the approved shift|compare hours with the contract|test the overtime|hold the odd line|"
        "post the pay code|report the change",
    ),
    Process(
        "claims intake",
        "handling time",
        "claim",
        "adjusters",
        "claims directors|insurance operations",
        "Claims|Adjuster|Loss|Policy",
        "arrives without the photo|is read by a person only to be forwarded|waits for a policy number",
        "sort the morning mail|ask twice for photos|key loss dates",
        "read the notice|find the policy|check the cover|set the reserve|settle the routine claim|assign the hard one",
    ),
    Process(
        "loan files",
        "decision time",
        "loan file",
        "loan officers",
        "lending managers|credit unions",
        "Loan|Lending|Credit|Borrower",
        "lacks a page until review|is read by underwriting too soon|waits for proof of income",
        "ask members for pages|reorder scans|check income by hand",
        "check the pages|verify the income|pull the score|return what is missing|"
        "queue the complete file|date the decision",
    ),
    Process(
        "permit review",
        "permit time",
        "application",
        "clerks",
        "city clerks|planning directors",
        "Permit|Zoning|Plan|Counter",
        "visits one desk after another|waits for a fee receipt|returns for a missing drawing",
        "carry folders between floors|answer status calls|stamp copies",
        "check the drawings|collect the fee|send the plans to every desk at once|merge the comments|"
        "issue the permit|notify the owner",
    ),
    Process(
        "patient discharge",
        "discharge time",
        "discharge",
        "charge nurses",
        "chief nursing officers|hospital operations",
        "Discharge|Bedside|Ward|Transfer",
        "waits on the pharmacy|stalls for a ride home|is known to one ward only",
        "walk to the pharmacy|phone for transport|update the white board",
        "read the plan|call the pharmacy|book the ride|show what is open|release the bed|send the summary",
    ),
    Process(
        "freight billing",
        "billing time",
        "load",
        "billing clerks",
        "logistics directors|carriers and brokers",
        "Freight|Load|Carrier|Manifest",
        "is delivered long before it is billed|waits for a signed slip|carries a rate from an old sheet",
        "match slips to loads|phone drivers|correct rates by hand",
        "read the proof of delivery|match the rate|add the surcharge|send the bill|hold the dispute|post the revenue",
    ),
    Process(
        "quality inspection",
        "inspection time",
        "inspection",
        "inspectors",
        "quality managers|plant directors",
        "Inspection|Quality|Gauge|Defect",
        "is written on the floor and typed at the desk|loses its photo|closes without a corrective action",
        "copy sheets after the shift|look for the last reading|chase corrective actions",
        "show the checklist|take the reading|open the corrective action|stop the lot|sign the record|chart the trend",
    ),
    Process(
        "engineering changes",
        "change time",
        "change request",
        "engineers",
        "engineering managers|product operations",
        "Change|Revision|Drawing|Build",
        "skips the cost check|reaches the floor before the drawing|waits for a board that meets monthly",
        "mail drawings around|ask who approved what|update part lists twice",
        "list the parts affected|price the change|ask each discipline once|release the drawing|"
        "date the cutover|retire the old part",
    ),
    Process(
        "lease renewals",
        "renewal time",
        "renewal",
        "property managers",
        "property managers|asset managers",
        "Lease|Tenant|Renewal|Unit",
        "starts after the notice date|carries last year's rent|waits for a scan",
        "watch notice dates|retype terms|mail paper copies",
        "watch the notice date|draft the terms|apply the rent rule|collect the signature|file the copy|"
        "update the rent roll",
    ),
    Process(
        "maintenance requests",
        "repair time",
        "work order",
        "supervisors",
        "facility directors|maintenance leads",
        "Repair|Maintenance|Facility|Wrench",
        "begins as a voicemail|names the wrong building|waits for a part nobody ordered",
        "replay voicemails|pick contractors from a list|ask for photos",
        "name the trade|pick the crew|order the part|book the visit|ask for the photo|close the order",
    ),
    Process(
        "grant reporting",
        "reporting time",
        "grant report",
        "research staff",
        "research administrators|nonprofit directors",
        "Grant|Award|Funding|Research",
        "starts a week before it is due|needs a figure only one person has|uses the wrong budget year",
        "read award letters again|remind investigators|rebuild budget tables",
        "read the award letter|set the deadlines|ask for each figure once|fill the tables|"
        "check the budget year|file the report",
    ),
    Process(
        "customs entries",
        "filing time",
        "entry",
        "brokers",
        "import managers|trade compliance officers",
        "Customs|Tariff|Import|Border",
        "waits for a tariff code|repeats a known description|arrives after the vessel",
        "look up codes|retype commercial invoices|call the forwarder",
        "read the commercial invoice|propose the code|compare the code with history|mark the doubt|"
        "file the entry|store the proof",
    ),
    Process(
        "cash application",
        "posting time",
        "payment",
        "collectors",
        "accounts receivable managers|treasurers",
        "Cash|Remittance|Deposit|Receivables",
        "arrives without a reference|covers several invoices at once|sits in a suspense account",
        "open remittance mail|guess the split|clear suspense lines by hand",
        "read the remittance|find the open items|post the split|clear the difference|queue the doubt|"
        "update the balance",
    ),
    Process(
        "price changes",
        "update time",
        "price change",
        "pricing analysts",
        "pricing managers|commercial directors",
        "Price|Margin|Catalog|Tariffline",
        "is live in one system and old in another|has no reason on file|reaches the store late",
        "edit price files|send corrections|compare lists",
        "ask for the reason|test the margin|collect the second approval|publish everywhere at once|"
        "keep the old list|undo on request",
    ),
    Process(
        "shift scheduling",
        "fill time",
        "open shift",
        "supervisors",
        "operations supervisors|hospital schedulers",
        "Shift|Roster|Coverage|Bench",
        "is offered to whoever answers|goes to a person over hours|fills after it has begun",
        "work down a phone list|count overtime by hand|rewrite the roster",
        "list the qualified|remove those over hours|offer the shift in order|accept the first yes|"
        "tell the rest|update the roster",
    ),
    Process(
        "document retention",
        "search time",
        "record",
        "records clerks",
        "records managers|compliance officers",
        "Record|Archive|Retention|Vault",
        "outlives its purpose|sits under a wrong date|cannot be found when counsel asks",
        "open boxes|rename files|ask owners about old folders",
        "date the record|check the legal hold|ask the owner|dispose of the file|keep the certificate|index the rest",
    ),
    Process(
        "bid collection",
        "bid time",
        "bid",
        "estimators",
        "estimators|construction managers",
        "Bid|Estimate|Tender|Takeoff",
        "arrives by phone at the last hour|leaves out the exclusions|uses an old drawing",
        "phone subcontractors|copy prices into the sheet|resend drawings",
        "send the drawings|collect the questions|share the answers|place the price in its column|"
        "note the exclusions|compare the totals",
    ),
    Process(
        "audit evidence",
        "preparation time",
        "evidence request",
        "control owners",
        "internal auditors|security officers",
        "Audit|Control|Evidence|Assurance",
        "asks for last year's screenshot|reaches the wrong owner|is answered on the last day",
        "take screenshots|search for policies|answer the same question again",
        "assign the owner|pull the log|date the proof|link the proof to the control|warn before the deadline|"
        "hand over the file",
    ),
    Process(
        "subscription renewals",
        "renewal time",
        "subscription",
        "account managers",
        "customer success leads|revenue operations",
        "Subscription|Renew|Account|Term",
        "renews at the old seat count|lapses unnoticed|waits for a quote",
        "export usage|draft renewal letters|ask finance for terms",
        "count the seats in use|price the term|send the offer|collect the signature|update billing|note the reason",
    ),
)

TAILS = (
    "Router|Desk|Line|Lane|Gate|Relay|Ledger|Clerk|Queue|Bench|Ladder|Runner|Register|Board|Switch|"
    "Signal|Counter|Map|Clock|Check|Rail|Track|Post|Console|Handshake|Planner|Sorter|Index|Guard|Bridge|"
    "Engine|Panel|Meter|Path|Dock|Grid|Sheet|Log"
)

COINED = (
    "Ledgerline|Northpost|Clearmark|Tallyway|Fieldstep|Stampwell|Crosstally|Trueline|Firstpass|Onepath|"
    "Handover|Plainsheet|Wayfile|Quietline|Countright|Sidetrack|Gridstone|Pinpost|Fairmark|Steadfile|"
    "Midpoint|Openlist|Longrow|Keypost"
)

FIRST_NAMES = (
    "Nadia|Otis|Ingrid|Ruben|Dana|Marcus|Leona|Tobias|Priya|Walter|Camille|Hector|Joan|Silas|Renata|"
    "Grant|Adele|Dominic|Faye|Luther|Mina|Curtis|Elena|Howard|Tessa|Amir|Gloria|Neil|Yolanda|Simon|Ruth|"
    "Andre|Paula|Victor|Irene|Clive"
)

LAST_NAMES = (
    "Brandt|Farrow|Salas|Castillo|Whitcomb|Okafor|Lindgren|Marsh|Delgado|Pruitt|Hayashi|Norris|Vance|"
    "Abbott|Kessler|Moreno|Tran|Holloway|Becker|Sandoval|Ferris|Quinn|Rowland|Iyer|Hobbs|Larsen|Mercer|"
    "Nolan|Osborne|Pike|Reyes|Stroud|Ulrich"
)

ROLES = (
    "controller|chief buyer|head of returns|procurement director|payroll lead|operations analyst|"
    "plant manager|audit partner|head of shared services|implementation lead|finance director|"
    "IT director|claims manager|process owner|records manager"
)

FIRMS = (
    "Harlan|Norwood|Calder|Stanhope|Brightwater|Asher|Pell|Tamarind|Wexford|Larkin|Ostrow|Halvorsen|"
    "Redfern|Bramley|Corliss|Duncan|Eastman|Fulmer|Garrison|Hadley|Ivers|Jessup|Kettering|Lowell|Mabry|"
    "Nesbitt|Oakhurst|Prescott|Quimby|Rutland|Sterling|Thayer|Upton|Vickers|Wendell|Yarrow|Barlow|"
    "Cheswick|Dunmore|Ellery"
)

TRADES = (
    "Freight, a regional freight carrier|Supply, a building-materials distributor|"
    "Foods, a frozen-food producer|Credit Union, a lender with local branches|Dental, a group of clinics|"
    "Mills, a textile manufacturer|Health, a hospital group|Insurance, a property insurer|"
    "Realty, a property manager|Electric, a utility contractor|Logistics, a parcel broker|"
    "Outfitters, a retail chain|Pharma, a contract manufacturer|Steel, a metals processor|"
    "University, a private university|Paper, a packaging maker|Motors, an equipment dealer|"
    "Labs, a testing service|Builders, a general contractor|Partners, an accounting firm|"
    "Farms, a produce shipper|Airways, a charter operator|Water, a municipal supplier|"
    "Staffing, a temporary-work agency"
)

SYSTEMS = (
    "Corvane ERP|Tamarack CRM|Bluestem Payroll|Orrin Books|Delmar HR|Palisade WMS|Quarry BI|"
    "Hearth Helpdesk|Ironwood MES|Sable Bank Feed|Linden Directory|Mariner TMS|Osprey Tax|"
    "Cobble Commerce|Alder Sign|Foxglove EHR|Garnet PLM|Juniper Mail"
)

CITIES = (
    "Columbus|Denver|Raleigh|Tulsa|Spokane|Pittsburgh|Charlotte|Minneapolis|Omaha|Boise|Nashville|"
    "Cleveland|Des Moines|Tampa|Sacramento|Louisville|Richmond|Milwaukee|Albuquerque|Buffalo|Memphis|"
    "Kansas City|Salt Lake City|Providence|Fort Worth|Madison|Baltimore|Portland|Phoenix|Toledo|Savannah|"
    "Lincoln|Dayton|Hartford|Knoxville|Fresno|Wichita|Duluth|Akron|Reno"
)

VENUES = (
    "Marlow Hall|Foundry Hall|Larkin Depot|Halloran House|the Wexford Center|the Garrison Building|"
    "Union Mill|Carver Library|the Old Exchange|Dunmore Hotel|Harbor House|the Kessler Room|Granary Hall|"
    "Station Nine|the Ellery Club|Bridge Street Hall|the Merchant Building|Riverside Annex|"
    "Pike Auditorium|the Assembly Rooms"
)

STREETS = (
    "Calder Street|Ferris Avenue|Mill Road|Harbor Drive|Union Street|Second Avenue|Depot Lane|"
    "Grant Street|Foundry Way|Orchard Road|Canal Street|Prospect Avenue|Market Square|Railroad Avenue|"
    "Spruce Street|Tanner Street"
)

TRADES_OF = {
    "claims intake": "Insurance, a property insurer|Mutual, a farm insurer|Assurance, a marine insurer",
    "loan files": "Credit Union, a lender with local branches|Savings, a regional bank|Lending, a mortgage lender",
    "permit review": "County, a county government|Township, a growing township|Harbor District, a port authority",
    "patient discharge": "Health, a hospital group|Memorial, a teaching hospital|Clinic, a surgical center",
    "freight billing": "Freight, a regional freight carrier|Logistics, a parcel broker|Haulage, a bulk carrier",
    "lease renewals": "Realty, a property manager|Residential, an apartment owner|Storage, a warehouse landlord",
    "grant reporting": "University, a private university|Institute, a research institute|Trust, a nonprofit",
    "customs entries": "Imports, a furniture importer|Brokers, a customs broker|Trading, a food importer",
    "bid collection": "Builders, a general contractor|Construction, a school builder|Civil, a road contractor",
    "engineering changes": "Motors, a motor maker|Controls, a valve maker|Instruments, a sensor maker",
    "quality inspection": "Steel, a metals processor|Foods, a frozen-food producer|Plastics, a parts molder",
    "field service dispatch": "Electric, a utility contractor|Elevator, an elevator service|Heating, a heat contractor",
    "inventory reorders": "Supply, a building-materials dealer|Pharma, a contract manufacturer|Hardware, a store chain",
}
"""The lines of business in which a process is at home; any firm in `TRADES` has the other processes."""
