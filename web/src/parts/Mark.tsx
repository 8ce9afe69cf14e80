/** The sign of Munshi. */

import icon from "../icon.svg";

export function Mark() {
  return <img src={icon} alt="" width="28" height="28" />;
}
