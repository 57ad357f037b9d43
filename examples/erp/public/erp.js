// A form that was sent once cannot be sent twice by an impatient finger.
for(const form of document.querySelectorAll('form[method=post]'))form.addEventListener('submit',()=>{for(const b of form.querySelectorAll('button'))b.disabled=true});
