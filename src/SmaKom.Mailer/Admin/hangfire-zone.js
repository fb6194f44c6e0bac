// Hangfire shows times in the browser's time zone; the newsletter's own pages show them in the site's. moment asks updateOffset for
// each time that it makes, before Hangfire writes it. Until the zone's name has arrived, and without it, the browser's zone stays.
(function () {
  var request = new XMLHttpRequest();
  request.open('GET', document.querySelector('a.navbar-brand').getAttribute('href').replace(/\/?$/, '/smakom-zone'), false);
  request.send();
  if (request.status !== 200) return;
  var parts = new Intl.DateTimeFormat('en-US', {
    timeZone: request.responseText, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
  });
  function offset(at) {
    var read = {};
    parts.formatToParts(at).forEach(function (part) { read[part.type] = +part.value; });
    return Math.round((Date.UTC(read.year, read.month - 1, read.day, read.hour, read.minute, read.second) - at) / 60000);
  }
  moment.updateOffset = function (time) {
    if (!time._inSite) {
      time._inSite = true;
      time.utcOffset(offset(time.valueOf()));
    }
  };
})();
