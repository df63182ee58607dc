"""Real towns: (name, region, postal code, dialling code, area, country)."""

TOWNS = {
    "it": (
        ("Milano", "MI", "20121", "02", "lombardia", "IT"),
        ("Milano", "MI", "20154", "02", "lombardia", "IT"),
        ("Lecco", "LC", "23900", "0341", "lombardia", "IT"),
        ("Como", "CO", "22100", "031", "lombardia", "IT"),
        ("Bergamo", "BG", "24122", "035", "lombardia", "IT"),
        ("Monza", "MB", "20900", "039", "lombardia", "IT"),
        ("Brescia", "BS", "25121", "030", "lombardia", "IT"),
        ("Varese", "VA", "21100", "0332", "lombardia", "IT"),
        ("Merate", "LC", "23807", "039", "lombardia", "IT"),
        ("Torino", "TO", "10121", "011", "nord-ovest", "IT"),
        ("Torino", "TO", "10135", "011", "nord-ovest", "IT"),
        ("Novara", "NO", "28100", "0321", "nord-ovest", "IT"),
        ("Asti", "AT", "14100", "0141", "nord-ovest", "IT"),
        ("Cuneo", "CN", "12100", "0171", "nord-ovest", "IT"),
        ("Genova", "GE", "16121", "010", "nord-ovest", "IT"),
        ("Savona", "SV", "17100", "019", "nord-ovest", "IT"),
        ("Verona", "VR", "37121", "045", "nord-est", "IT"),
        ("Padova", "PD", "35121", "049", "nord-est", "IT"),
        ("Bologna", "BO", "40121", "051", "nord-est", "IT"),
    ),
    "ro": (
        ("Cluj-Napoca", "Cluj", "400015", "264", "transilvania", "RO"),
        ("Turda", "Cluj", "401132", "264", "transilvania", "RO"),
        ("Sibiu", "Sibiu", "550160", "269", "transilvania", "RO"),
        ("Brașov", "Brașov", "500007", "268", "transilvania", "RO"),
        ("Oradea", "Bihor", "410068", "259", "transilvania", "RO"),
        ("Târgu Mureș", "Mureș", "540042", "265", "transilvania", "RO"),
        ("București", "", "010071", "21", "muntenia", "RO"),
        ("București", "", "030167", "21", "muntenia", "RO"),
        ("Pitești", "Argeș", "110014", "248", "muntenia", "RO"),
        ("Ploiești", "Prahova", "100004", "244", "muntenia", "RO"),
        ("Iași", "Iași", "700028", "232", "moldova", "RO"),
        ("Bacău", "Bacău", "600010", "234", "moldova", "RO"),
    ),
    "he": (
        ("חיפה", "", "3303142", "4", "tzafon", "IL"),
        ("עכו", "", "2412001", "4", "tzafon", "IL"),
        ("נצרת", "", "1600202", "4", "tzafon", "IL"),
        ("תל אביב-יפו", "", "6423806", "3", "merkaz", "IL"),
        ("רמת גן", "", "5252181", "3", "merkaz", "IL"),
        ("חולון", "", "5831018", "3", "merkaz", "IL"),
        ("ראשון לציון", "", "7526513", "3", "merkaz", "IL"),
        ("ירושלים", "", "9422108", "2", "merkaz", "IL"),
        ("באר שבע", "", "8410101", "8", "darom", "IL"),
    ),
    "en": (
        ("London", "", "EC1V 9BD", "20 7946", "isles", "GB"),
        ("London", "", "SE1 7PB", "20 7946", "isles", "GB"),
        ("Manchester", "", "M2 5DB", "161 496", "isles", "GB"),
        ("Bristol", "", "BS1 4DJ", "117 496", "isles", "GB"),
        ("Leeds", "West Yorkshire", "LS1 4DY", "113 496", "isles", "GB"),
        ("Dublin", "", "D02 X285", "1 555", "isles", "IE"),
        ("Cork", "", "T12 W8KP", "21 555", "isles", "IE"),
    ),
}
STREETS = {
    "it": "Via Garibaldi|Via Roma|Corso Italia|Via Dante|Via Mazzini|Viale dei Mille|Via Cavour|"
    "Via Verdi|Piazza Duomo|Via Leopardi|Corso Europa|Via del Lavoro|Via Manzoni|Via Marconi|"
    "Strada Provinciale|Via Volta|Via delle Industrie",
    "ro": "Strada Memorandumului|Bulevardul Eroilor|Strada Horea|Calea Turzii|Strada Avram Iancu|"
    "Bulevardul Unirii|Strada Mihai Eminescu|Calea Victoriei|Strada Fabricii|Strada Republicii|"
    "Strada Nicolae Bălcescu|Bulevardul 1 Decembrie 1918",
    "he": "רחוב הרצל|רחוב ז׳בוטינסקי|שדרות בן גוריון|רחוב ויצמן|רחוב הנביאים|רחוב אלנבי|"
    "רחוב סוקולוב|דרך העצמאות|רחוב החרושת|רחוב ביאליק",
    "en": "High Street|Station Road|Church Lane|Mill Lane|Victoria Road|King Street|Park Road|"
    "Bridge Street|Canal Wharf|Orchard Way",
}
