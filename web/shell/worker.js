// The worker: runs the lab module it is handed, then answers its jobs.
if (typeof poslab_lab === "undefined") importScripts("lab.js");
onmessage = async (event) => {
  onmessage = null;
  await poslab_lab({ module_or_path: event.data });
  postMessage("ready");
};
