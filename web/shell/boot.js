// Before first paint: language and theme. Then the wasm modules and their tables, in their order.
(() => {
  const html = document.documentElement;
  const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  html.lang = recall("poslab.lang") || (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  const theme = recall("poslab.theme");
  if (theme) html.dataset.theme = theme;
  // The worked example stands for Inspect alone.
  if (!/^(#(inspect)?)?$/.test(location.hash)) html.dataset.away = "";

  // Whatever is asked for twice is the first promise again.
  const once = (make) => { const made = {}; return (name) => made[name] ||= make(name); };
  const part = (name) => document.getElementById(name);
  const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const wasm = once(async (name) => {
    const data = part(name + ".wasm");
    if (data) return WebAssembly.compile(decode(data.textContent));
    const answer = await fetch(name + ".wasm");
    const streams = answer.headers.get("content-type") === "application/wasm";
    return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
  });
  const table = once(async (name) => {
    const data = part(name + ".data");
    if (data) return decode(data.textContent);
    const answer = await fetch(name + ".data");
    if (!answer.ok) throw new Error(answer.url);
    return new Uint8Array(await answer.arrayBuffer());
  });
  const script = once((file) => new Promise((done, failed) => {
    if (part(file)) return done();
    const element = document.createElement("script");
    element.src = file;
    element.onload = done;
    element.onerror = () => failed(new Error(file));
    document.head.append(element);
  }));
  const single = !document.currentScript.src;
  if (!single) { wasm("page"); table("specs"); }

  // The glue of each module, by a name its script declares.
  const glue = { page: () => poslab_page, world: () => poslab_world, crypto: () => poslab_crypto, tools: () => poslab_tools };
  const TABLES = ["specs", "words", "gbk"];
  // A module that can be started: its wasm compiled, its glue and every table here.
  const get = once(async (name) => {
    const [module, , ...tables] = await Promise.all([wasm(name), script(name + ".js"), ...TABLES.map(table)]);
    return { module, tables };
  });
  // What draws is a file of its own where a worker runs the rest.
  const VIEWS = { world: "stage" };
  const start = async (name, module, tables, views) => {
    const run = glue[name]();
    const world = await run({ module_or_path: module });
    if (views) await WebAssembly.instantiate(views, { world });
    tables.forEach((pack) => run.supply(pack));
    run.start();
  };
  const open = once(async (name) => {
    const [{ module, tables }, views] = await Promise.all([get(name), VIEWS[name] && wasm(VIEWS[name])]);
    await start(name, module, tables, views);
  });
  const worker = once(async () => {
    const source = [part("world.js"), part("worker.js")];
    const got = await get("world");
    const address = single
      ? URL.createObjectURL(new Blob(source.map((element) => element.textContent + "\n")))
      : "worker.js";
    return new Promise((done, failed) => {
      const made = new Worker(address);
      made.onerror = failed;
      made.onmessage = () => { made.onmessage = null; done(made); };
      made.postMessage(got);
    });
  });
  window.poslab = { open, worker };

  // All parts are here: from now on this document can connect to nothing, its own origin included.
  const seal = () => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "connect-src 'none'";
    document.head.append(policy);
    html.dataset.sealed = "";
  };
  addEventListener("DOMContentLoaded", async () => {
    const [module, specs] = await Promise.all([wasm("page"), table("specs")]);
    await start("page", module, [specs]);
    const idle = window.requestIdleCallback || setTimeout;
    const late = () => Promise.all([table("words"), table("gbk")])
      .then((packs) => packs.forEach((pack) => poslab_page.supply(pack)));
    idle(() => Promise.allSettled([late(), worker(), wasm("stage"), get("crypto"), get("tools")]).then(seal));
  });
})();
