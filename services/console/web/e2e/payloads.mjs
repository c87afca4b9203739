// What attackers put into names and properties. Each calls alert, so that any that runs is a dialog.
const call = 'alert(1)';

const markup = [
  `<script>${call}</script>`, `<img src=x onerror=${call}>`, `<svg onload=${call}>`, `<svg/onload=${call}>`, `<iframe src="javascript:${call}"></iframe>`,
  `<body onload=${call}>`, `<input autofocus onfocus=${call}>`, `<details open ontoggle=${call}>`, `<video><source onerror=${call}></video>`, `<audio src=x onerror=${call}>`,
  `<a href="javascript:${call}">x</a>`, `<form action="javascript:${call}"><input type=submit>`, `<object data="javascript:${call}">`, `<embed src="javascript:${call}">`,
  `<math><mi xlink:href="javascript:${call}">x</mi></math>`, `<marquee onstart=${call}>x</marquee>`, `<select autofocus onfocus=${call}>`, `<textarea autofocus onfocus=${call}>`,
  `<keygen autofocus onfocus=${call}>`, `<style>@import 'javascript:${call}'</style>`, `<link rel=stylesheet href="javascript:${call}">`, `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  `<base href="javascript:${call}//">`, `<table background="javascript:${call}">`, `<div style="background:url(javascript:${call})">`, `<template><script>${call}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`, `<svg><animate onbegin=${call} attributeName=x dur=1s>`, `<svg><script>${call}</script></svg>`, `<svg><foreignObject><body onload=${call}>`,
  `<img srcset="x" onerror=${call}>`, `<img src="x\` \`" onerror=${call}>`, `<<script>${call}//<</script>`, `<scr<script>ipt>${call}</scr</script>ipt>`, `<IMG SRC=x OnErRoR=${call}>`,
  `<img src=x onerror&#61;${call}>`, `<img/src=x/onerror=${call}>`, `<img\nsrc=x\nonerror=${call}>`, `<img\u0000src=x onerror=${call}>`.replace('\u0000', ' '), `<x contenteditable autofocus onfocus=${call}>`,
];

const breakout = [
  `"><script>${call}</script>`, `'><script>${call}</script>`, `</title><script>${call}</script>`, `</textarea><script>${call}</script>`, `</script><script>${call}</script>`,
  `-->${'<script>'}${call}</script>`, `]]><script>${call}</script>`, `" onmouseover="${call}`, `' onfocus='${call}' autofocus='`, `\`-${call}-\``, `\${${call}}`, `{{constructor.constructor('${call}')()}}`,
  `#{${call}}`, `<%= ${call} %>`, `javascript:${call}`, `JaVaScRiPt:${call}`, `data:text/html,<script>${call}</script>`, `vbscript:${call}`, `\\"-${call}//`, `'-${call}-'`,
  `&lt;script&gt;${call}&lt;/script&gt;`, `&#60;script&#62;${call}&#60;/script&#62;`, `%3Cscript%3E${call}%3C/script%3E`, `\\u003cscript\\u003e${call}`, `__proto__`, `constructor`, `toString`, `﹤script﹥${call}﹤/script﹥`,
];

export const payloads = [...markup, ...breakout];
