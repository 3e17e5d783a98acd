"""What the service figures mean, in the words that stand on the screen and in the exported sheet."""

DEFINITIONS = (
    (
        "Counts",
        "Goods delivered, or open past their date at the as-of moment. What is not yet due does not count,"
        " nor do services and what was taken off the order.",
    ),
    (
        "On time",
        "Arrived (where nothing says so: was shipped) not later than its date ended, nor earlier than its"
        " window began, each with the settings' tolerance. A date without a time is its whole local day.",
    ),
    (
        "In full",
        "All that was ordered was delivered, nothing refused or cancelled. Of a drop: all that was planned"
        " for it.",
    ),
    (
        "OTIF",
        "On time and in full, judged by the promise in force at the as-of moment, the first promise and the"
        " request apart. Of an order: all its lines that count.",
    ),
    ("On time × in full", "The product of the two rates: often quoted as OTIF, and another figure."),
    ("Perfect order", "OTIF by the promise, and nothing was refused or returned."),
    ("Fill rate", "Average share of a line's quantity that had left by its date."),
    ("Lead time", "From order to delivery, in days; its spread is the standard deviation."),
    ("Backorder age", "Days since its date, of what is still open."),
)
