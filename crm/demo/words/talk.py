"""What is written in histories: {entry: sentences} by language. {who} is a person there."""

TALK: dict[str, dict[str, tuple[str, ...]]] = {
    "it": {
        "note": (
            "La centrale termica è nel seminterrato, si entra dal cortile. Chiavi in portineria.",
            "Preferiscono interventi prima delle 9, poi c’è troppa gente.",
            "Il contratto scade a fine anno: proporre il rinnovo con il telecontrollo.",
            "Caldaia del 2009, ricambi difficili. Da proporre la sostituzione in primavera.",
            "Pagano sempre a 60 giorni, nessun ritardo finora.",
            "Attenzione: per il lato nord serve la scala da 6 metri.",
            "Hanno chiesto di non mandare più di un tecnico per volta.",
        ),
        "call": (
            "{who} segnala che la pressione scende durante la notte. Fissato un sopralluogo.",
            "Chiamato {who} per confermare la visita: va bene, entra dal cancello B.",
            "{who} vorrebbe il preventivo diviso in due lotti.",
            "{who} chiede se possiamo anticipare la manutenzione di una settimana.",
            "Nessuna risposta, lasciato un messaggio a {who}.",
            "{who} conferma: l’impianto funziona bene dopo l’intervento.",
        ),
        "email": (
            "Inviato a {who} il rapporto d’intervento con le foto.",
            "{who} risponde: «Stamattina la pressione è di nuovo a 0,8 bar.»",
            "Mandata l’offerta per la cella frigorifera n. 2.",
            "{who} ha accettato la proposta, manca solo la firma.",
            "Inviato il sollecito per il libretto d’impianto.",
        ),
        "appointment": (
            "Sopralluogo con {who} per la sostituzione della caldaia.",
            "Riunione in sede con {who}: programma di manutenzione dell’anno prossimo.",
            "Collaudo delle telecamere al cancello principale, presente {who}.",
            "Visita di cortesia: tutto in ordine, {who} soddisfatto del servizio.",
        ),
    },
    "ro": {
        "note": (
            "Centrala este la subsol, intrarea prin curte. Cheile sunt la portar.",
            "Preferă intervențiile înainte de ora 9.",
            "Contractul expiră la sfârșitul anului: de propus prelungirea cu monitorizare.",
            "Centrală din 2011, piesele se găsesc greu. De propus înlocuirea.",
            "Plătesc la termen, fără întârzieri până acum.",
            "Pentru fațada de nord e nevoie de scara de 6 metri.",
        ),
        "call": (
            "{who} spune că presiunea scade peste noapte. Am stabilit o vizită.",
            "Am sunat pentru confirmarea vizitei: {who} este de acord.",
            "{who} cere oferta împărțită în două loturi.",
            "Nu a răspuns nimeni, am lăsat mesaj pentru {who}.",
            "{who} confirmă că instalația merge bine după intervenție.",
        ),
        "email": (
            "Am trimis către {who} raportul de intervenție, cu fotografii.",
            "{who} a răspuns: „Azi-dimineață presiunea era din nou 0,8 bar.”",
            "Am trimis oferta pentru camera frigorifică nr. 2.",
            "{who} a acceptat oferta, așteptăm semnătura.",
        ),
        "appointment": (
            "Vizită tehnică împreună cu {who} pentru înlocuirea centralei.",
            "Întâlnire la sediu cu {who}: planul de mentenanță pentru anul viitor.",
            "Recepția camerelor video de la intrarea principală, prezent {who}.",
        ),
    },
    "he": {
        "note": (
            "חדר הדוודים במרתף, הכניסה דרך החצר. המפתח אצל השומר.",
            "מעדיפים ביקורים לפני תשע בבוקר.",
            "החוזה מסתיים בסוף השנה: להציע חידוש כולל ניטור מרחוק.",
            "המזגן הראשי משנת 2010, קשה להשיג חלקים. להציע החלפה באביב.",
            "משלמים בזמן, שוטף פלוס 30.",
            "לא לקבוע ביקורים ביום שישי אחר הצהריים.",
        ),
        "call": (
            "שיחה עם {who}: הלחץ יורד במהלך הלילה. נקבע ביקור.",
            "אישרנו את הביקור עם {who}. הכניסה משער ב׳.",
            "התבקשנו לפצל את ההצעה לשני חלקים. איש הקשר: {who}.",
            "אין תשובה, השארנו הודעה עבור {who}.",
            "המערכת עובדת היטב אחרי הטיפול. אישור טלפוני: {who}.",
        ),
        "email": (
            "דוח הביקור נשלח אל {who} עם תמונות.",
            "התקבלה תשובה מאת {who}: „הבוקר הלחץ שוב 0.8 בר.”",
            "נשלחה הצעה לחדר קירור מספר 2.",
            "ההצעה אושרה על ידי {who}, מחכים לחתימה.",
        ),
        "appointment": (
            "ביקור באתר עם {who} לקראת החלפת הדוד.",
            "פגישה במשרד עם {who}: תוכנית האחזקה לשנה הבאה.",
            "מסירת המצלמות בשער הראשי בנוכחות {who}.",
        ),
    },
    "en": {
        "note": (
            "The plant room is in the basement, access from the yard. Keys at the front desk.",
            "They prefer visits before nine, later it gets too busy.",
            "The contract ends in December: offer a renewal with remote monitoring.",
            "Always pays at 30 days, never late so far.",
            "Bring the six metre ladder for the north side.",
        ),
        "call": (
            "{who} says the pressure drops overnight. Site visit arranged.",
            "Confirmed the visit with {who}: use gate B.",
            "{who} wants the quote split in two lots.",
            "No answer, left a message for {who}.",
            "{who} confirms that everything runs well since the repair.",
        ),
        "email": (
            "Sent {who} the visit report with photos.",
            "{who} replied: “Pressure is at 0.8 bar again this morning.”",
            "Sent the quote for cold room no. 2.",
        ),
        "appointment": (
            "Site survey with {who} for the boiler replacement.",
            "Meeting with {who}: next year’s maintenance plan.",
            "Handover of the cameras at the main gate, {who} present.",
        ),
    },
}
CARD_NOTES = {
    "it": (
        "Cliente dal 2014. Suonare al civico accanto, il campanello è rotto.",
        "Consegne solo dal retro. Parcheggio riservato per il furgone.",
        "Fatture via PEC all’amministrazione, copia al responsabile tecnico.",
    ),
    "ro": (
        "Client din 2016. Livrări doar prin spate.",
        "Facturile se trimit la contabilitate până în ziua de 25.",
    ),
    "he": ("לקוח משנת 2015. חניה שמורה לרכב השירות.", "חשבוניות נשלחות להנהלת החשבונות בלבד."),
    "en": ("Customer since 2017. Deliveries at the back only.", "Invoices need a PO number."),
}
