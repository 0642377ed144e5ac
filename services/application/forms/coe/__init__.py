"""在留資格認定証明書交付申請書 (別記第六号の三様式): certificate of eligibility, by section."""
