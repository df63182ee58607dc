"""How companies are called: {last} is a family name, {fancy} a proud word."""

FANCY = {
    "it": "Aurora|Miralago|Cristallo|Stella Alpina|Orchidea|San Marco|Paradiso|Belvedere|Corallo|"
    "Sant’Anna|La Quercia|Il Glicine|Girasole|Primavera|Europa|Alba|Montebello|Madonnina|Rondine|"
    "Del Sole|Smeraldo|Due Torri|Tre Re|Lungolago|Villa Regina",
    "ro": "Luceafărul|Carpați|Transilvania|Aurora Verde|Bucegi|Napoca|Apuseni|Carmen|Dunărea|"
    "Cetate|Belvedere|Retezat|Zorile|Someș|Orizont|Bradul|Speranța|Casa Veche|Trei Brazi",
    "en": "Harbour|Kingfisher|Oak Meadow|Riverside|Albion|Beacon|Castle|Willow|Crown|Two Rivers",
}
# (pattern, weight, trade): the trade gives the categories, product groups and people's functions.
PATTERNS = {
    "it": (
        ("Officine Meccaniche {last} S.r.l.", 5, "works"),
        ("Carpenteria {last} & Figli S.n.c.", 4, "works"),
        ("Tipografia {last} S.r.l.", 3, "works"),
        ("Panificio {last}", 6, "food"),
        ("Caseificio {last} S.r.l.", 4, "food"),
        ("Macelleria {last} di {first} {last}", 3, "food"),
        ("Cantina {last} Società Agricola S.s.", 3, "food"),
        ("Ristorante {fancy} S.r.l.", 6, "hotel"),
        ("Hotel {fancy} S.r.l.", 8, "hotel"),
        ("Albergo {fancy} di {last} & C. S.a.s.", 4, "hotel"),
        ("Condominio Via {last} {n}", 14, "house"),
        ("Condominio {fancy}", 8, "house"),
        ("Studio Dentistico Dott. {first} {last}", 6, "clinic"),
        ("Farmacia {last} S.a.s.", 5, "clinic"),
        ("Centro Medico {fancy} S.r.l.", 3, "clinic"),
        ("Studio Legale {last} Associati", 4, "office"),
        ("{last} Costruzioni S.p.A.", 3, "works"),
        ("{last} Logistica S.r.l.", 4, "store"),
        ("Supermercati {fancy} S.p.A.", 3, "store"),
        ("Autofficina {last} di {first} {last}", 4, "works"),
        ("Comune di {town}", 3, "public"),
        ("Istituto Comprensivo {last}", 4, "public"),
    ),
    "ro": (
        ("{last} Construct SRL", 6, "works"),
        ("Electro {fancy} SRL", 4, "works"),
        ("{fancy} Mob Design SRL", 3, "works"),
        ("Panificația {fancy} SRL", 5, "food"),
        ("Lactate {fancy} SA", 3, "food"),
        ("Pensiunea {fancy} SRL", 6, "hotel"),
        ("Hotel {fancy} SRL", 5, "hotel"),
        ("Clinica {fancy} SRL", 4, "clinic"),
        ("Cabinet Stomatologic Dr. {last}", 5, "clinic"),
        ("Farmacia {fancy} SRL", 4, "clinic"),
        ("Asociația de Proprietari Bloc {n} {town}", 7, "house"),
        ("{last} & Asociații SPARL", 3, "office"),
        ("{fancy} Logistic SRL", 4, "store"),
        ("Agro {last} II", 3, "food"),
        ("Primăria {town}", 2, "public"),
        ("Școala Gimnazială „{last}”", 3, "public"),
    ),
    "en": (
        ("{last} & Sons Ltd", 5, "works"),
        ("{fancy} Bakery Ltd", 3, "food"),
        ("The {fancy} Hotel Ltd", 4, "hotel"),
        ("{fancy} Dental Practice", 3, "clinic"),
        ("{last}, {last2} & Co Solicitors", 2, "office"),
        ("{fancy} Storage Ltd", 3, "store"),
        ("{fancy} House Management Company Ltd", 3, "house"),
    ),
}
# Hebrew name, Latin alias, weight, trade.
HEBREW_PATTERNS = (
    ("{last} ובניו בע״מ", "{latin} & Sons", 5, "works"),
    ("מאפיית {last} בע״מ", "{latin} Bakery", 4, "food"),
    ("מסעדת {last}", "{latin} Restaurant", 4, "hotel"),
    ("מלון {last} בע״מ", "Hotel {latin}", 4, "hotel"),
    ("מרפאת שיניים ד״ר {last}", "Dr. {latin} Dental", 4, "clinic"),
    ("מוסך {last}", "{latin} Garage", 3, "works"),
    ("{last} לוגיסטיקה בע״מ", "{latin} Logistics", 3, "store"),
    ("{last} ושות׳ עורכי דין", "{latin} & Co. Law", 3, "office"),
    ("ועד הבית {street} {n}", "", 6, "house"),
    ("בית ספר {last}", "{latin} School", 2, "public"),
)

TRADE_CATEGORIES = {
    "works": ("heating", "maintenance"),
    "food": ("cold-rooms", "maintenance"),
    "hotel": ("heating", "cold-rooms", "cameras"),
    "house": ("heating", "maintenance"),
    "clinic": ("cooling", "maintenance"),
    "office": ("cooling", "cameras"),
    "store": ("cold-rooms", "cameras"),
    "public": ("heating", "public", "cameras"),
}
FUNCTIONS = {
    "it": "Facility manager|Acquisti|Amministrazione|Titolare|Responsabile tecnico|Direzione|"
    "Reception|Magazzino|Amministratore di condominio|Manutenzione",
    "ro": "Administrator|Achiziții|Contabilitate|Director tehnic|Secretariat|Recepție|Depozit|"
    "Întreținere|Manager",
    "he": "מנהל אחזקה|רכש|הנהלת חשבונות|בעלים|מנהלת משרד|מחסן|קבלה|מנהל תפעול",
    "en": "Facilities manager|Purchasing|Accounts|Owner|Office manager|Operations|Reception",
}
ROLES = {
    "it": "Decide|Referente tecnico|Fatture|Apre al tecnico|",
    "ro": "Decident|Contact tehnic|Facturi|Deschide tehnicianului|",
    "he": "מקבל החלטות|איש קשר טכני|חשבוניות|פותח לטכנאי|",
    "en": "Decides|Technical contact|Invoices|Lets the technician in|",
}
