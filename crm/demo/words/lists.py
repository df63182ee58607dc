"""The lists and fields an administrator of this company has set up: key, four names, colour."""

# By our own key: English, Italian, Romanian, Hebrew, colour.
CATEGORIES = {
    "key-account": ("Key account", "Cliente direzionale", "Client-cheie", "לקוח מפתח", "c4"),
    "heating": ("Heating", "Riscaldamento", "Încălzire", "חימום", "c5"),
    "cooling": ("Cooling", "Climatizzazione", "Climatizare", "מיזוג אוויר", "c3"),
    "cold-rooms": ("Cold rooms", "Celle frigorifere", "Camere frigorifice", "חדרי קירור", "c6"),
    "cameras": ("Cameras", "Telecamere", "Camere video", "מצלמות", "c7"),
    "maintenance": ("Maintenance", "Manutenzione", "Mentenanță", "אחזקה", "c2"),
    "public": ("Public sector", "Settore pubblico", "Sector public", "המגזר הציבורי", "c8"),
}
AREAS = {
    "lombardia": ("Lombardy", "Lombardia", "Lombardia", "לומברדיה", ""),
    "nord-ovest": ("North-West", "Nord-Ovest", "Nord-Vest Italia", "צפון מערב איטליה", ""),
    "nord-est": ("North-East", "Nord-Est", "Nord-Est Italia", "צפון מזרח איטליה", ""),
    "transilvania": ("Transylvania", "Transilvania", "Transilvania", "טרנסילבניה", ""),
    "muntenia": ("Bucharest & South", "Bucarest e sud", "București și sud", "בוקרשט והדרום", ""),
    "moldova": ("Moldavia (RO)", "Moldavia (RO)", "Moldova", "מולדובה", ""),
    "tzafon": ("Haifa & North", "Haifa e nord", "Haifa și nord", "חיפה והצפון", ""),
    "merkaz": ("Centre & Jerusalem", "Centro e Gerusalemme", "Centru și Ierusalim", "המרכז וירושלים", ""),
    "darom": ("South", "Sud", "Sud", "הדרום", ""),
    "isles": ("Britain & Ireland", "Gran Bretagna e Irlanda", "Marea Britanie și Irlanda", "בריטניה ואירלנד", ""),
}  # fmt: skip
PRODUCT_GROUPS = {
    "boilers": ("Boilers", "Caldaie", "Centrale termice", "דוודים", "c5"),
    "heat-pumps": ("Heat pumps", "Pompe di calore", "Pompe de căldură", "משאבות חום", "c2"),
    "air": ("Air conditioning", "Condizionatori", "Aer condiționat", "מזגנים", "c3"),
    "cold": ("Cold rooms", "Celle frigorifere", "Camere frigorifice", "חדרי קירור", "c6"),
    "cctv": ("Video surveillance", "Videosorveglianza", "Supraveghere video", "מערכות מצלמות", "c7"),
    "contracts": ("Maintenance contracts", "Contratti di manutenzione", "Contracte de mentenanță", "חוזי אחזקה", "c1"),
    "parts": ("Spare parts", "Ricambi", "Piese de schimb", "חלקי חילוף", "c8"),
}  # fmt: skip
CATEGORY_GROUPS = {
    "heating": ("boilers", "heat-pumps"),
    "cooling": ("air", "heat-pumps"),
    "cold-rooms": ("cold",),
    "cameras": ("cctv",),
    "maintenance": ("contracts", "parts"),
    "public": ("contracts",),
    "key-account": ("contracts",),
}
TAGS = {
    "Automotive": "c6",
    "VIP": "c4",
    "newsletter": "",
    "fiera 2026": "c8",
    "paga in ritardo": "c5",
    "rinnovo contratto": "c1",
    "furnizor local": "c2",
    "de sunat": "c3",
    "חשוב": "c5",
    "לקוח ותיק": "c7",
    "24/7": "c5",
    "remote monitoring": "c7",
    "no visits in August": "",
    "referenza": "c2",
}
TAGS_OF = {
    "it": ("newsletter", "fiera 2026", "paga in ritardo", "rinnovo contratto", "24/7", "referenza"),
    "ro": ("newsletter", "furnizor local", "de sunat", "24/7"),
    "he": ("חשוב", "לקוח ותיק", "24/7"),
    "en": ("newsletter", "remote monitoring", "no visits in August"),
}
# By their key: type, the four names, the answers.
CUSTOM_FIELDS: dict[str, tuple[str, str, str, str, str, tuple[tuple[str, str, str, str], ...]]] = {
    "plant_code": ("text", "Plant code", "Codice impianto", "Cod instalație", "קוד מתקן", ()),
    "units": ("number", "Units installed", "Unità installate", "Unități instalate", "יחידות מותקנות", ()),
    "yearly_value": ("money", "Yearly value (€)", "Valore annuo (€)", "Valoare anuală (€)", "שווי שנתי (€)", ()),
    "renewal_on": ("date", "Contract renewal", "Rinnovo contratto", "Reînnoirea contractului", "חידוש החוזה", ()),
    "is_monitored": ("yesno", "Remote monitoring", "Telecontrollo", "Monitorizare la distanță", "ניטור מרחוק", ()),
    "fuel": (
        "choice", "Energy source", "Fonte di energia", "Sursă de energie", "מקור אנרגיה",
        (
            ("Natural gas", "Metano", "Gaz natural", "גז טבעי"),
            ("LPG", "GPL", "GPL", "גפ״מ"),
            ("Electricity", "Elettricità", "Electricitate", "חשמל"),
            ("District heating", "Teleriscaldamento", "Termoficare", "חימום אזורי"),
        ),
    ),
    "access": (
        "choices", "To get in", "Per entrare", "Pentru acces", "בכניסה לאתר",
        (
            ("Keys at the front desk", "Chiavi in portineria", "Cheile la portar", "מפתח אצל השומר"),
            ("Safety course", "Corso sicurezza", "Instructaj", "הדרכת בטיחות"),
            ("Badge", "Badge", "Legitimație", "תג"),
            ("Ladder needed", "Serve la scala", "Este nevoie de scară", "נדרש סולם"),
        ),
    ),
    "drawings": ("link", "Drawings", "Disegni", "Planuri", "שרטוטים", ()),
}  # fmt: skip
