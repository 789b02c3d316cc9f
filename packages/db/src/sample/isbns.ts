/** Books of group 0 (English): every number of eight digits below it belongs to some registrant. */
const prefix = '9780'
const numbers = 100_000_000
/** Without a common factor with `numbers`, so that it meets each of them once before it comes round. */
const stride = 38_196_601

/** Gives the ISBN-13 of a number, a different one for each of a hundred million numbers that follow each other. */
export function isbnOf(number: number): string {
  const body = (number * stride) % numbers
  const digits = prefix + String(body).padStart(8, '0')
  return digits + checkDigitOf(digits)
}

/** The check digit of twelve digits (ISO 2108). */
function checkDigitOf(digits: string): string {
  const total = Array.from(digits, Number).reduce((sum, digit, place) => sum + digit * (place % 2 ? 3 : 1), 0)
  return String((10 - (total % 10)) % 10)
}
