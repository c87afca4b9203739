package console

import (
	"io"
	"net/http"
)

// plainPage is what a binary without the app shows. It needs no style and no script, so the policy stands.
const plainPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>c360: the console is not built</title></head>
<body><h1>c360 is running, but its console was not built</h1>
<p>This binary was built without the browser app. In the repository run</p>
<pre>make web</pre>
<p>(it needs Node 20 or newer), then build and start c360 again, or run <code>make run</code>, which does both.</p>
<p lang="ko">이 실행 파일에는 화면이 들어 있지 않습니다. 저장소에서 <code>make web</code>을 실행한 뒤 다시 빌드하세요.</p>
<p>The API works without it: <a href="/openapi.json">/openapi.json</a>, <a href="/docs">/docs</a>.</p>
</body></html>
`

func servePlain(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = io.WriteString(w, plainPage) // the browser has gone; there is nobody left to tell
}
