// Before first paint: language and theme. Then the wasm modules, in their order.
(() => {
  const html = document.documentElement;
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  html.lang = recall("poslab.lang") || (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  const theme = recall("poslab.theme");
  if (theme) html.dataset.theme = theme;

  const part = (name) => document.getElementById(name);
  const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const compile = async (name) => {
    const file = name + ".wasm";
    const data = part(file);
    if (data) return WebAssembly.compile(decode(data.textContent));
    const answer = await fetch(file);
    const streams = answer.headers.get("content-type") === "application/wasm";
    return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
  };
  const script = (file) => new Promise((done, failed) => {
    if (part(file)) return done();
    const element = document.createElement("script");
    element.src = file;
    element.onload = done;
    element.onerror = () => failed(new Error(file));
    document.head.append(element);
  });
  const single = !document.currentScript.src;
  let page = single ? null : compile("page");

  let lab, opened, worker;
  const fetchLab = () => lab ||= Promise.all([compile("lab"), script("lab.js")]).then(([module]) => module);
  const openLab = () => opened ||= fetchLab().then((module) => poslab_lab({ module_or_path: module }));
  const startWorker = () => worker ||= fetchLab().then((module) => new Promise((done, failed) => {
    const source = [part("lab.js"), part("worker.js")];
    const address = single
      ? URL.createObjectURL(new Blob(source.map((element) => element.textContent + "\n")))
      : "worker.js";
    const made = new Worker(address);
    made.onerror = failed;
    made.onmessage = () => { made.onmessage = null; done(made); };
    made.postMessage(module);
  }));
  window.poslab = { openLab, worker: startWorker };

  // All modules are here: from now on this document can connect to nothing, its own origin included.
  const seal = () => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "connect-src 'none'";
    document.head.append(policy);
    html.dataset.sealed = "";
  };
  addEventListener("DOMContentLoaded", async () => {
    page ||= compile("page");
    await poslab_page({ module_or_path: await page });
    const idle = window.requestIdleCallback || setTimeout;
    idle(() => startWorker().finally(seal));
  });
})();
