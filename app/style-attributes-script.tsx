// Gives elements of the first HTML the styles that server/style-attributes.ts renamed, as the parser adds them and
// before they are painted. Later ones are set by React itself through the CSSOM.
const script = `(()=>{
const give=e=>{e.style.cssText=e.getAttribute("cssom");e.removeAttribute("cssom")};
const look=n=>{if(n.nodeType!==1)return;n.hasAttribute("cssom")&&give(n);n.querySelectorAll("[cssom]").forEach(give)};
const watch=new MutationObserver(all=>{for(const one of all)one.addedNodes.forEach(look)});
look(document.documentElement);
watch.observe(document,{childList:true,subtree:true});
addEventListener("load",()=>{look(document.documentElement);watch.disconnect()});
})()`;

/** Must stand before everything that has a style. */
export function StyleAttributesScript({ nonce }: { nonce: string | undefined }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the text is a constant of this file.
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}
