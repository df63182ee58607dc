"""Names of people. Hebrew ones come with their Latin spelling, for mail addresses and aliases."""

FIRST_WOMEN = {
    "it": "Giulia Chiara Francesca Elena Sara Martina Valentina Federica Silvia Laura Alessia "
    "Lucia Paola Roberta Monica Ilaria Beatrice Caterina Daniela Serena Cristina Anna",
    "ro": "Andreea Ioana Maria Elena Cristina Raluca Mihaela Alexandra Simona Ana Gabriela "
    "Daniela Oana Roxana Bianca Diana Adina Loredana Carmen Ștefania",
    "en": "Emma Olivia Charlotte Sophie Grace Hannah Aoife Niamh Lucy Rebecca Claire Helen Ruth",
}
FIRST_MEN = {
    "it": "Marco Luca Andrea Matteo Davide Alessandro Stefano Paolo Roberto Giovanni Fabio "
    "Simone Giorgio Enrico Claudio Mario Franco Riccardo Emanuele Pietro Tommaso Carlo",
    "ro": "Andrei Mihai Alexandru Ionuț Cristian Adrian Florin Bogdan Radu Vlad Ștefan Gabriel "
    "Răzvan Dan Marius Cătălin Lucian Sorin Octavian Horia",
    "en": "James Oliver Thomas William Daniel Conor Sean Patrick Michael David Edward Simon Peter",
}
LAST = {
    "it": "Rossi Bianchi Ferri Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano "
    "Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli "
    "Martini Leone Longo Gentile Martinelli Vitale Brambilla Crespi Sala Villa Fumagalli Riva "
    "Castelli Pozzi Bonfanti Cattaneo Pellegrini Bellini Valsecchi Locatelli Zanetti Negri Monti",
    "ro": "Pop Popescu Ionescu Munteanu Rusu Dumitrescu Stan Marin Stoica Matei Ciobanu Moldovan "
    "Mureșan Lazăr Cozma Oprea Dobre Neagu Tănase Crișan Bălan Ungureanu Șerban Voicu Câmpeanu "
    "Bota Suciu Țurcanu Drăgan Manea",
    "en": "Smith Taylor Brown Wilson Hughes Murphy Walsh Byrne Clarke Cooper Bennett Reed Foster "
    "Marshall Harris Turner Collins Doyle Kelly Shaw",
}
HEBREW_WOMEN = (
    ("נועה", "Noa"), ("יעל", "Yael"), ("מיכל", "Michal"), ("תמר", "Tamar"), ("שירה", "Shira"),
    ("רונית", "Ronit"), ("הילה", "Hila"), ("אורית", "Orit"), ("דנה", "Dana"), ("ליאת", "Liat"),
    ("רחל", "Rachel"), ("ענת", "Anat"), ("גלית", "Galit"), ("מאיה", "Maya"),
)  # fmt: skip
HEBREW_MEN = (
    ("דוד", "David"), ("יוסי", "Yossi"), ("אבי", "Avi"), ("משה", "Moshe"), ("עומר", "Omer"),
    ("איתי", "Itay"), ("רון", "Ron"), ("אייל", "Eyal"), ("גיא", "Guy"), ("יונתן", "Yonatan"),
    ("שלמה", "Shlomo"), ("אלון", "Alon"), ("נדב", "Nadav"), ("עידו", "Ido"), ("חיים", "Haim"),
)  # fmt: skip
HEBREW_LAST = (
    ("כהן", "Cohen"), ("לוי", "Levi"), ("מזרחי", "Mizrahi"), ("פרץ", "Peretz"), ("ביטון", "Biton"),
    ("אברהם", "Avraham"), ("פרידמן", "Friedman"), ("אזולאי", "Azoulay"), ("דהן", "Dahan"),
    ("שפירא", "Shapira"), ("גולן", "Golan"), ("ברק", "Barak"), ("רוזן", "Rosen"), ("שגב", "Segev"),
    ("אלמוג", "Almog"), ("נחום", "Nahum"), ("הררי", "Harari"), ("בן דוד", "Ben David"),
    ("קפלן", "Kaplan"), ("ויס", "Weiss"),
)  # fmt: skip
