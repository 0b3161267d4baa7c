// The worker: runs the simulator's module it is handed, then answers its jobs.
if (typeof poslab_world === "undefined") importScripts("world.js");
onmessage = async (event) => {
  onmessage = null;
  await poslab_world({ module_or_path: event.data.module });
  event.data.tables.forEach((pack) => poslab_world.supply(pack));
  poslab_world.start();
  postMessage("ready");
};
