// The page behind the wall: carriers/walled_browser.py asks it to raise or lower the wall and what ran into it.
const rules = chrome.declarativeNetRequest;
const stopped = [];
rules.onRuleMatchedDebug.addListener(({ request }) => {
  const { pathname, hostname } = new URL(request.url);
  stopped.push({ method: request.method, host: hostname, path: pathname, kind: request.type });
});
const setWall = async (up) => {
  await rules.updateEnabledRulesets(up ? { enableRulesetIds: ["wall"] } : { disableRulesetIds: ["wall"] });
  const { matchedRules } = await rules.testMatchOutcome({ url: "https://site.example/", type: "main_frame", method: "post" });
  return matchedRules.length > 0 === up;
};
Object.assign(window, { setWall, stopped });
