'use strict';
document.documentElement.classList.add('js');
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// A cell's data-v is what it is sorted by; a stable sort keeps the order of before among equals.
const keyOf = (row, column) => row.cells[column].dataset.v ?? row.cells[column].textContent;
const compare = (a, b) => {
  const [x, y] = [Number(a), Number(b)];
  return a !== '' && b !== '' && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : a.localeCompare(b);
};
for (const head of all('table.sortable thead th')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener('click', () => {
    // Numbers start with the largest, words with the first.
    const numeric = head.classList.contains('num');
    const next = {ascending: 'descending', descending: 'ascending'}[head.getAttribute('aria-sort')];
    const order = next ?? (numeric ? 'descending' : 'ascending');
    for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', order);
    const body = head.closest('table').tBodies[0];
    const sign = order === 'ascending' ? 1 : -1;
    const rows = [...body.rows].map(row => [keyOf(row, head.cellIndex), row]);
    rows.sort((a, b) => sign * compare(a[0], b[0]));
    body.append(...rows.map(([, row]) => row));
  });
}

const words = document.getElementById('filter-words');
const action = document.getElementById('filter-action');
const team = document.getElementById('filter-team');
const shown = document.getElementById('filter-shown');
const rows = all('#workload-table tbody tr').map(row => [row, row.textContent.toLowerCase()]);
const filter = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const [row, text] of rows) {
    const fits = wanted.every(word => text.includes(word)) && (action.value === '' || row.dataset.action === action.value)
        && (team.value === '' || row.dataset.team === team.value);
    row.hidden = !fits;
    count += fits;
  }
  shown.textContent = count + ' of ' + rows.length + ' rows';
};
if (words) {
  for (const control of [words, action, team]) control.addEventListener('input', filter);
  for (const button of all('[data-show-action], [data-show-team]')) {
    button.addEventListener('click', () => {
      words.value = '';
      action.value = button.dataset.showAction ?? '';
      team.value = button.dataset.showTeam ?? '';
      filter();
      document.getElementById('workloads').scrollIntoView();
      words.focus({preventScroll: true});
    });
  }
  filter();
}

const openTarget = () => {
  const target = /^#w\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', openTarget);
openTarget();
for (const button of all('[data-open]')) {
  button.addEventListener('click', () => {
    for (const owner of all('details.owner')) owner.open = button.dataset.open === 'all';
  });
}

const copyBySelection = pre => {
  getSelection().selectAllChildren(pre);
  return document.execCommand('copy') ? Promise.resolve() : Promise.reject();
};
for (const button of all('.patch button')) {
  const pre = button.parentElement.querySelector('pre');
  const say = (text) => {
    button.textContent = text;
    setTimeout(() => { button.textContent = 'Copy'; }, 1600);
  };
  button.addEventListener('click', () => {
    const text = pre.textContent;
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text).catch(() => copyBySelection(pre)) : copyBySelection(pre);
    copied.then(() => say('Copied'), () => say('Press Ctrl+C'));
  });
}
