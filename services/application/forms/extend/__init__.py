"""在留期間更新許可申請書 (別記第三十号の二様式): extension of the period of stay, by section."""
