"use strict";
const frame = document.querySelector("iframe");
const inside = () => (frame && frame.contentDocument) || document;
const tied = (place, number) => [...place.querySelectorAll(`[data-tie~="${number}"]`)];

function light(numbers) {
  for (const place of new Set([document, inside()])) {
    for (const one of place.querySelectorAll(".on")) one.classList.remove("on");
    for (const number of numbers) for (const one of tied(place, number)) one.classList.add("on");
  }
}

function numbersAt(event) {
  const one = event.target.closest ? event.target.closest("[data-tie]") : null;
  return one ? one.dataset.tie.split(" ") : [];
}

let pinned = [];
function show(event, other) {
  const numbers = numbersAt(event);
  pinned = numbers;
  light(numbers);
  const there = numbers.flatMap((number) => tied(other(), number))[0];
  if (there) there.scrollIntoView({ block: "center", behavior: "smooth" });
}

function listen(place, other) {
  place.addEventListener("mouseover", (event) => {
    const numbers = numbersAt(event);
    light(numbers.length ? numbers : pinned);
  });
  place.addEventListener("click", (event) => show(event, other));
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter") show(event, other);
  });
}

function begin() {
  listen(document, inside);
  if (inside() === document) return;
  listen(inside(), () => document);
  const first = tied(inside(), 1)[0];
  if (first) inside().defaultView.scrollTo(0, first.getBoundingClientRect().top - 20);
}

if (document.readyState === "complete") begin();
else window.addEventListener("load", begin);
