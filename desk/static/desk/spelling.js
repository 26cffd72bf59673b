// How numbers, codes and headings are written in spreadsheets, and what is meant. The patterns are those that files are
// read by: the page brings them along, so that a pasted cell and an imported one are read alike.
window.spellings = (words) => {
  const spelling = Object.fromEntries(
    Object.entries(words.spelling).map(([name, pattern]) => [name, new RegExp(pattern, "g")]),
  );
  const is = (name, text) => text.search(spelling[name]) === 0;
  const plain = (text) => {
    const found = text.normalize("NFKC").replace(spelling.unseen, "").trim().replace(spelling.apostrophes, "");
    return found.replace(spelling.wrapped, "$1").replace(/\s+/g, " ").trim();
  };
  const key = (text) => plain(text).replaceAll(" ", "").toLowerCase();

  const isScientific = (text) => is("scientific", plain(text).replaceAll(" ", ""));

  // A heading as a whole, without the unit in brackets behind it, and the unit that each cell below has to carry.
  function headerParts(text) {
    const whole = key(text).replace(spelling.header_marks, "");
    const [, name, ...brackets] = [...whole.matchAll(spelling.unit)][0] ?? [];
    const unit = words.units[brackets.find((each) => each !== undefined)];
    return unit === undefined ? { whole, unit: "" } : { whole, name, unit };
  }

  const withUnit = (text, unit) => (text && unit && !/[%元万]$/.test(key(text)) ? text + unit : text);

  // Digits without anything around them; null where they are none, or none that leave no doubt.
  function digits(text) {
    const found = is("spaced", text) ? text.replaceAll(" ", "") : text;
    return is("number", found) && !found.startsWith("-") ? found.replace("+", "").replaceAll(",", "") : null;
  }

  function amount(text) {
    let found = plain(text).toLowerCase().replace(spelling.minus, "-").replace(spelling.before, "").trim();
    const isTenThousands = /万元?$/.test(found);
    found = found.replace(/万元?$/, "").trim().replace(spelling.behind, "").trim();
    const number = digits(found);
    if (number === null || !isTenThousands) {
      return number;
    }
    const [whole, decimals = ""] = number.split(".");
    const rest = decimals.slice(4).replace(/0+$/, "");
    return String(Number(whole + decimals.slice(0, 4).padEnd(4, "0"))) + (rest ? `.${rest}` : "");
  }

  // A share without its sign is in percent, as the column says; one below 1 could be a fraction as well.
  function percentage(text) {
    const found = plain(text);
    const share = digits(found.replace(/ ?%$/, ""));
    return share === null || found.endsWith("%") || Number(share) === 0 || Number(share) >= 1 ? share : null;
  }

  function code(text) {
    const found = plain(text);
    if (is("shortened", found)) {
      return null;
    }
    const whole = found.replace(spelling.whole, "$1");
    return is("spaced_code", whole) ? whole.replaceAll(" ", "") : whole;
  }

  return { key, isScientific, headerParts, withUnit, amount, percentage, code };
};
