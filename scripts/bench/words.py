"""Names for a million companies: pure functions of a number, so that every table agrees."""

from itertools import product

from crm.contacts.names import fold

STARTS = "Bra Cas Fer Mar Pel Ros Ton Vil Gar Lom Zan Nic Sal Bor Col Dal Mur Pop Rad Stan".split()
MIDDLES = "an el ir om un ar es ic ov il at em in ol ur".split()
ENDS = "i ini etti oni ello ucci escu eanu aru iciu ari acci one otti ano".split()
ENDS += "aldi enghi ardi isan".split()
LATIN = ["".join(parts) for parts in product(STARTS, MIDDLES, ENDS)]  # 5,700 family names
HEBREW = [
    "".join(parts)
    for parts in product(
        "כ ל מ פ ב א ד ש ג ר".split(), "הו יב וז ר חמ".split(), "ן י ס ד ני".split()
    )
]
TRADES = (
    "Officine Meccaniche|Panificio|Hotel|Condominio|Farmacia|Studio Dentistico|Caseificio|Cantina|"
    "Tipografia|Autofficina|Supermercati|Carpenteria|Ristorante|Albergo|Istituto|Electro|Clinica|"
    "Pensiunea|Agro|Panificația|Construct|Logistica|Lavanderia|Vetreria|Falegnameria|Macelleria"
).split("|")
HEBREW_TRADES = "מאפיית|מלון|מוסך|מרפאת|מסעדת|נגריית".split("|")
FORMS = ("S.r.l.", "S.p.A.", "S.a.s.", "S.n.c.", "SRL", "SA", "Ltd", "& C.")
FIRST = (
    "Giulia Marco Elena Luca Sara Andrea Chiara Paolo Anna Davide Laura Matteo Ioana Andrei Maria "
    "Mihai Raluca Vlad Noa David Yael Emma James Sophie"
).split()
TOWNS = (
    ("Milano", "MI", "IT"), ("Torino", "TO", "IT"), ("Lecco", "LC", "IT"), ("Como", "CO", "IT"),
    ("Bergamo", "BG", "IT"), ("Monza", "MB", "IT"), ("Brescia", "BS", "IT"), ("Genova", "GE", "IT"),
    ("Verona", "VR", "IT"), ("Padova", "PD", "IT"), ("Bologna", "BO", "IT"), ("Varese", "VA", "IT"),
    ("Cluj-Napoca", "Cluj", "RO"), ("București", "", "RO"), ("Pitești", "Argeș", "RO"),
    ("Iași", "Iași", "RO"), ("Sibiu", "Sibiu", "RO"), ("Oradea", "Bihor", "RO"),
    ("חיפה", "", "IL"), ("תל אביב-יפו", "", "IL"), ("London", "", "GB"), ("Dublin", "", "IE"),
)  # fmt: skip
PREFIX = {"IT": "+39", "RO": "+40", "IL": "+972", "GB": "+44", "IE": "+353"}
LANGUAGE = {"IT": "it", "RO": "ro", "IL": "he", "GB": "en", "IE": "en"}
FOLDED_TOWN = [fold(town[0]) for town in TOWNS]


def mixed(number: int, salt: int) -> int:
    """32 bits that look like chance, always the same for the same numbers."""
    x = (number * 0x9E3779B1 + salt * 0x85EBCA77) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    x = ((x ^ (x >> 12)) * 0x297A2D39) & 0xFFFFFFFF
    return x ^ (x >> 15)
