//! The parameters of the key's own account (`stripe-api.md` 11.2), and of `onfile`'s own call
//! that moves a test account to another country.

use onfile_domain::account::Update;
use onfile_domain::country::Country;

use super::{Args, EXPAND, Kind, Param, ParamError, ParseCx, TEXT_CHARS};
use crate::error::WireError;

/// `GET /v1/account`.
pub const RETRIEVE: &[Param] = &[EXPAND];

/// `POST /onfile/v1/test/account`.
pub const UPDATE: &[Param] =
    &[Param::text("country", TEXT_CHARS), Param::new("default_currency", Kind::Currency), EXPAND];

/// Reads [`UPDATE`].
///
/// # Errors
/// No country.
pub fn update(args: &Args, _cx: &mut ParseCx<'_>) -> Result<Update, WireError> {
    let country = match args.text("country") {
        None => None,
        Some(code) => Some(country(code)?),
    };
    Ok(Update { country, default_currency: args.currency("default_currency") })
}

/// Every code of ISO 3166, and Kosovo's. An account in a country that isn't would follow no law.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM \
    DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS \
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN \
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ \
    MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM \
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
    VN VU WF WS XK YE YT ZA ZM ZW";

fn country(code: &str) -> Result<Country, ParamError> {
    let code = code.to_ascii_uppercase();
    let assigned = COUNTRIES.split(' ').any(|known| known == code);
    match code.parse() {
        Ok(country) if assigned => Ok(country),
        Ok(_) | Err(_) => {
            let message = format!(
                "Country '{}' is unknown. Try using a 2-character alphanumeric country code \
                 instead, such as 'US', 'EG', or 'GB'.",
                super::echo(&code)
            );
            Err(ParamError::rule("country", message))
        }
    }
}
