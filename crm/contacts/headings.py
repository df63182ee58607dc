"""What Italian, Romanian, Israeli and English offices call the columns of their own files."""

from collections.abc import Sequence

NAME = (
    *("company", "company name", "business name", "legal name", "account", "account name", "firm"),
    *("customer", "customer name", "client", "client name", "supplier", "supplier name", "vendor"),
    *("organization", "organisation", "security"),
    *("ragione sociale", "rag sociale", "rag soc", "denominazione", "denominazione sociale"),
    *("azienda", "nome azienda", "ditta", "nome ditta", "società", "impresa", "cliente"),
    *("nome cliente", "fornitore", "nome fornitore", "intestazione", "ragione sociale cliente"),
    *("denumire", "denumire firmă", "denumire client", "denumire societate", "firmă", "firma"),
    *("nume firmă", "societate", "companie", "nume companie", "nume client", "furnizor"),
    *("denumire furnizor", "agent economic", "partener", "denumire partener"),
    *("שם חברה", "שם החברה", "חברה", "לקוח", "שם לקוח", "שם הלקוח", "שם עסק", "שם העסק", "עסק"),
    *("ספק", "שם ספק", "שם הספק"),
)
VAGUE_NAME = ("name", "nome", "nominativo", "nume", "שם")
FIRST_NAME = (
    *("first name", "given name", "forename", "nome di battesimo", "prenume", "שם פרטי"),
    *("nome contatto", "nome referente"),
)
VAGUE_FIRST_NAME = ("name", "nome", "שם")
LAST_NAME = ("last name", "surname", "family name", "cognome", "nume de familie", "שם משפחה")
VAGUE_LAST_NAME = ("nume",)
WHOLE_NAME = (
    *("full name", "contact", "contact name", "contact person", "person", "nome completo"),
    *("nome e cognome", "nome cognome", "contatto", "referente", "persona", "persona di contatto"),
    *("nume complet", "prenume și nume", "persoană de contact", "persoana de contact", "contact"),
    *("שם מלא", "איש קשר", "שם איש קשר", "שם פרטי ומשפחה"),
)
LAST_AND_FIRST_NAME = (
    *("last and first name", "cognome e nome", "cognome nome"),
    *("nume și prenume", "nume prenume", "שם משפחה ופרטי"),
)
EMPLOYER = NAME
EMPLOYER_CODE = (
    *("company code", "customer code", "account code", "codice azienda", "codice cliente"),
    *("codice ditta", "cod firmă", "cod client", "קוד חברה", "קוד לקוח", "מספר לקוח"),
)
FUNCTION = (
    *("function", "job title", "title", "position", "job", "mansione", "funzione", "qualifica"),
    *("funcție", "funcția", "post", "תפקיד", "משרה"),
)
ROLE = ("role", "ruolo", "rol", "סמכות")
CODE = (
    *("code", "number", "customer code", "customer number", "customer no", "customer id"),
    *("client code", "account number", "contact id", "codice", "codice cliente", "cod cliente"),
    *("codice contatto", "n cliente", "cod", "cod client", "nr client", "codul", "קוד", "קוד לקוח"),
    *("מספר לקוח", "מס לקוח", "מזהה"),
)
ALIASES = (
    *("alias", "aliases", "other names", "short name", "trade name", "nickname", "symbol"),
    *("ticker", "sigla", "nome breve", "insegna", "altri nomi", "nume scurt", "alte denumiri"),
    *("denumire comercială", "כינוי", "שמות נוספים", "שם מסחרי"),
)
VAT_ID = (
    *("vat", "vat no", "vat number", "vat id", "vat code", "vat reg no", "tax id", "tin", "ein"),
    *("vat registration number", "company number", "registration number"),
    *("partita iva", "p iva", "part iva", "piva", "iva", "partitaiva"),
    *("cui", "cif", "cui cif", "cod tva", "cod unic de înregistrare", "cod fiscal cui", "tva"),
    *(
        "חפ",
        "ח.פ",
        "עוסק",
        "עוסק מורשה",
        "מספר עוסק",
        "מספר עוסק מורשה",
        "עמ",
        "מספר חברה",
        "חפ עמ",
    ),
    *("מספר חפ", "מס חפ", "עוסק מורשה חפ"),
)
TAX_CODE = (
    *("tax code", "fiscal code", "social security number", "codice fiscale", "cod fisc", "cf"),
    *("c fiscale", "cod fiscal", "cnp", "תז", "תעודת זהות", "מספר זהות", "מספר זיהוי"),
)
STAGE = ("stage", "status", "stato", "stare", "statut", "סטטוס", "שלב")
TYPE = ("type", "kind", "contact type", "tipo", "tip", "סוג", "סוג לקוח")
PHONE = (
    *("phone", "phone number", "telephone", "telephone number", "tel", "tel no", "phone no"),
    *("telefono", "numero di telefono", "numero telefono", "recapito", "recapito telefonico"),
    *("n telefono", "telefon", "număr de telefon", "nr telefon", "nr tel", "telefonul"),
    *("טלפון", "טל", "מספר טלפון", "מס טלפון"),
)
PHONE_BY_USE = {
    "work": (
        *("work phone", "office phone", "business phone", "landline", "telefono ufficio"),
        *("tel ufficio", "telefono fisso", "fisso", "telefono lavoro", "telefon serviciu"),
        *("telefon fix", "telefon birou", "טלפון בעבודה", "טלפון משרד", "טלפון עבודה"),
    ),
    "mobile": (
        *("mobile", "mobile phone", "cell", "cell phone", "cellphone", "mobile number", "gsm"),
        *("cellulare", "telefono cellulare", "tel cellulare", "tel cell", "n cellulare", "mobil"),
        *(
            "telefon mobil",
            "nr mobil",
            "celular",
            "נייד",
            "טלפון נייד",
            "סלולרי",
            "פלאפון",
            "נייד מס",
        ),
        *("טלפון סלולרי", "מספר נייד"),
    ),
    "home": ("home phone", "telefono casa", "tel casa", "telefon acasă", "טלפון בבית", "טלפון בית"),
    "fax": ("fax", "fax number", "telefax", "numero fax", "nr fax", "פקס", "מספר פקס"),
    "service": ("service phone", "telefono assistenza", "telefon service", "טלפון שירות"),
}
EMAIL = (
    *("email", "e mail", "mail", "email address", "e mail address", "indirizzo email", "posta"),
    *("posta elettronica", "indirizzo e mail", "indirizzo mail", "adresă email", "adresa de email"),
    *("adresa email", "דואל", "אימייל", "מייל", "דואר אלקטרוני", "כתובת מייל", "כתובת אימייל"),
)
EMAIL_BY_USE = {
    "work": ("work email", "office email", "email lavoro", "email ufficio", "email serviciu"),
    "billing": (
        *("billing email", "invoice email", "pec", "email pec", "indirizzo pec", "mail pec"),
        *("email fatture", "email amministrazione", "email facturare", "מייל לחשבוניות"),
    ),
    "home": ("home email", "private email", "personal email", "email privata", "email personal"),
}
ADDRESS = {
    "use": ("address type", "tipo indirizzo", "tip adresă", "סוג כתובת"),
    "street": (
        *("address", "street", "street address", "address line 1", "street and number"),
        *("indirizzo", "via", "indirizzo sede", "sede", "sede legale", "indirizzo completo"),
        *("adresă", "adresa", "stradă", "strada", "sediu", "sediu social", "adresa sediu"),
        *("כתובת", "רחוב", "כתובת רחוב", "רחוב ומספר"),
    ),
    "postal_code": (
        *("postal code", "postcode", "zip", "zip code", "post code", "cap", "c a p"),
        *("codice postale", "cod poștal", "cod postal", "cp", "מיקוד"),
    ),
    "city": (
        *("city", "town", "headquarters", "headquarters location", "location", "città", "comune"),
        *("località", "oraș", "orașul", "localitate", "localitatea", "עיר", "ישוב", "יישוב"),
    ),
    "region": (
        *("state", "province", "region", "county", "state province", "provincia", "prov", "pr"),
        *("regione", "județ", "judeţ", "județul", "regiune", "jud", "מחוז", "אזור"),
    ),
    "country": (
        *("country", "nation", "country code", "nazione", "paese", "stato estero", "țară", "țara"),
        *("tara", "ţară", "מדינה", "ארץ"),
    ),
}
WEBSITES = (
    *("web", "website", "web site", "url", "homepage", "web address", "internet", "www"),
    *("sito", "sito web", "sito internet", "pagina web", "site", "site web", "pagină web"),
    *("אתר", "אתר אינטרנט", "אתר הבית"),
)
CHANNEL = (
    *("preferred channel", "preferred contact", "canale preferito", "contatto preferito"),
    *("canal preferat", "דרך התקשרות מועדפת"),
)
LANGUAGE = ("language", "lingua", "limbă", "limba", "שפה")
CATEGORIES = (
    "category",
    "categories",
    "categoria",
    "categorie",
    "categorii",
    "קטגוריה",
    "קטגוריות",
)
AREAS = (
    *("area", "areas", "zone", "territory", "sales area", "zona", "zone geografiche"),
    *("area geografica", "zonă", "zone", "teritoriu", "אזור מכירות", "אזורים"),
)
PRODUCT_GROUPS = (
    *("product group", "product groups", "products", "gruppo merceologico", "gruppi prodotti"),
    *("prodotti", "grupă de produse", "produse", "קבוצת מוצרים", "מוצרים"),
)
NOTES = (
    *("note", "notes", "comment", "comments", "remarks", "description", "memo"),
    *("annotazioni", "osservazioni", "commenti", "descrizione", "observații", "mențiuni", "notițe"),
    *("comentarii", "descriere", "הערה", "הערות", "תיאור"),
)
CARE = {
    "owner": (
        *("owner", "account manager", "sales rep", "salesperson", "responsabile", "agente"),
        *("commerciale", "venditore", "responsabil", "agent", "agent de vânzări", "vânzător"),
        *("אחראי", "איש מכירות", "סוכן", "מנהל לקוח"),
    ),
    "team": ("team", "group", "gruppo", "squadra", "echipă", "echipa", "צוות", "קבוצה"),
    "tags": ("tag", "labels", "etichetta", "etichette", "etichete", "תגית", "תגיות", "תגים"),
    "is_restricted": ("private", "confidential", "riservato", "restricționat", "מוגבל", "חסוי"),
    "viewers": ("viewers", "persone con accesso", "בעלי גישה"),
}


def numbered(words: Sequence[str], number: int) -> tuple[str, ...]:
    """How the `number`th column of a kind is called: "Tel. 2", or "Tel." once more."""
    return (*(f"{word} {number}" for word in words), *words)
